// tenant export, tenant delete: what one customer has, handed over or taken out. The server is stopped
// meanwhile.

#include <pwd.h>
#include <unistd.h>

#include <cstdio>

#include "app/commands/commands.h"
#include "backup/tenant_export.h"
#include "base/display_text.h"
#include "store/sqlite/inspect.h"
#include "store/sqlite/sqlite.h"
#include "store/sqlite/tenant_removal.h"

namespace tocsin::app {
namespace {

int fail(const char* command, const Error& why) {
  std::fprintf(stderr, "tocsin tenant %s: %s\n", command, display_text(to_string(why), 4000).c_str());
  return why.kind == ErrorKind::kForbidden || why.kind == ErrorKind::kConflict ? 1 : 2;
}

// Who sits at the keyboard, as this machine calls them.
store::Origin origin() {
  const auto* const user = getpwuid(getuid());  // NOLINT(concurrency-mt-unsafe): no other thread yet
  return {.actor = user == nullptr ? "uid-" + std::to_string(getuid()) : user->pw_name,
          .kind = store::ActorKind::kPerson,
          .reason = "on the command line"};
}

// The database, opened once so that nothing waits in its journal, and the tenant of that name.
struct Place {
  std::string file;
  std::unique_ptr<store::Database> database;
  store::TenantId tenant;
};
Result<Place> find(const TenantFlags& flags) {
  Place place;
  place.file = (std::filesystem::path(flags.data) / kDatabaseFile).string();
  if (!std::filesystem::exists(place.file))
    return error(ErrorKind::kNotFound, "open the database", "there is none in " + flags.data,
                 "Name the data directory with --data");
  if (store::is_in_use(place.file))
    return error(ErrorKind::kConflict, "open the database", "a server has it open", "Stop the server first");
  TOCSIN_TRY(database, store::open_sqlite({.file = place.file}));
  place.database = std::move(database);
  TOCSIN_TRY(tenant, store::find_tenant(place.file, flags.tenant));
  if (!tenant)
    return error(ErrorKind::kNotFound, "find the tenant", "there is no tenant '" + flags.tenant + "'",
                 "tocsin backup --list names them");
  place.tenant = *tenant;
  return place;
}

}  // namespace

int export_tenant(const TenantFlags& flags) {
  auto place = find(flags);
  if (!place) return fail("export", place.error());
  const auto manifest = backup::export_tenant(
      place->database->tenant(place->tenant),
      {place->file, flags.file, place->tenant, flags.tenant, std::string(kVersion), SystemClock().now()});
  if (!manifest) return fail("export", manifest.error());
  std::printf("wrote %lld alerts and %lld incidents of %s to %s\n",
              static_cast<long long>(manifest->tenants[0].alerts),
              static_cast<long long>(manifest->tenants[0].incidents), display_text(flags.tenant).c_str(),
              flags.file.c_str());
  return 0;
}

int delete_tenant(const TenantFlags& flags) {
  if (flags.confirm != flags.tenant)
    return fail("delete", error(ErrorKind::kForbidden, "delete a tenant", "it was not confirmed",
                                "Repeat its name: --confirm " + flags.tenant + "; what goes is gone"));
  auto place = find(flags);
  if (!place) return fail("delete", place.error());
  place->database->close();
  place->database.reset();
  const auto rows = store::remove_tenant(place->file, place->tenant, origin(), SystemClock().now());
  if (!rows) return fail("delete", rows.error());
  for (const auto& [table, count] : *rows)
    if (count > 0) std::printf("%12lld  %s\n", static_cast<long long>(count), table.c_str());
  std::printf("deleted %s\n", display_text(flags.tenant).c_str());
  return 0;
}

}  // namespace tocsin::app
