// tenant export, tenant delete: what one customer has, handed over or taken out. The server of a database
// inside the data directory is stopped meanwhile; those on PostgreSQL go on.

#include <pwd.h>
#include <unistd.h>

#include <cstdio>

#include "app/commands/commands.h"
#include "app/commands/environment.h"
#include "app/tenant_folder.h"
#include "backup/tenant_export.h"
#include "base/display_text.h"
#include "config/config.h"
#include "store/postgres/postgres.h"
#include "store/postgres/tenant_dump.h"
#include "store/postgres/tenant_removal.h"
#include "store/sqlite/inspect.h"
#include "store/sqlite/sqlite.h"
#include "store/sqlite/tenant_dump.h"
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

// The tenant of that name, and what its database does for it.
struct Place {
  std::unique_ptr<store::Database> database;
  store::TenantId tenant;
  backup::DumpTables dump;
  std::function<Result<store::RowsByTable>()> remove;  // once, after `database` has closed
};

Result<config::Settings> read_settings(const TenantFlags& flags) {
  config::Values values;
  if (!flags.data.empty()) values.insert_or_assign("data.dir", flags.data);
  if (!flags.database.empty()) values.insert_or_assign("data.database_url", flags.database);
  TOCSIN_TRY(dotenv, read_dotenv());
  return config::load(values, config::process_environment(), dotenv, flags.config);
}

Result<store::TenantId> find_tenant(store::Database& database, const std::string& name) {
  TOCSIN_TRY(tenants, database.people().tenants());
  for (const auto& one : tenants)
    if (one.name == name) return store::TenantId{one.number};
  return error(ErrorKind::kNotFound, "find the tenant", "there is no tenant '" + name + "'",
               "tocsin backup --list names those of a backup");
}

// Opened once so that nothing waits in its journal.
Result<Place> inside(const config::Settings& settings, const TenantFlags& flags) {
  const auto file = (settings.data_dir / kDatabaseFile).string();
  if (!std::filesystem::exists(file))
    return error(ErrorKind::kNotFound, "open the database", "there is none in " + settings.data_dir.string(),
                 "Name the data directory with --data");
  if (store::is_in_use(file))
    return error(ErrorKind::kConflict, "open the database", "a server has it open", "Stop the server first");
  Place place;
  TOCSIN_TRY(database, store::open_sqlite({.file = file}));
  place.database = std::move(database);
  TOCSIN_TRY(tenant, find_tenant(*place.database, flags.tenant));
  place.tenant = tenant;
  place.dump = [file, tenant](const auto& each) { return store::dump_tenant(file, tenant, each); };
  place.remove = [file, tenant, data = settings.data_dir] {
    auto rows = store::remove_tenant(file, tenant, origin(), SystemClock().now());
    if (rows && !remove_tenant_folder(data, tenant))
      std::fprintf(stderr, "some files could not be removed: delete %s\n",
                   tenant_folder(data, tenant).c_str());
    return rows;
  };
  return place;
}

Result<Place> on_postgres(const config::Settings& settings, const TenantFlags& flags) {
  const auto url = settings.database_url;
  Place place;
  TOCSIN_TRY(database, store::open_postgres({.url = url}));
  place.database = std::move(database);
  TOCSIN_TRY(tenant, find_tenant(*place.database, flags.tenant));
  place.tenant = tenant;
  place.dump = [url, tenant](const auto& each) { return store::postgres::dump_tenant(url, tenant, each); };
  place.remove = [url, tenant] {
    return store::postgres::remove_tenant(url, tenant, origin(), SystemClock().now());
  };
  return place;
}

Result<Place> find(const TenantFlags& flags) {
  TOCSIN_TRY(settings, read_settings(flags));
  return store::is_postgres_url(settings.database_url) ? on_postgres(settings, flags)
                                                       : inside(settings, flags);
}

}  // namespace

int export_tenant(const TenantFlags& flags) {
  auto place = find(flags);
  if (!place) return fail("export", place.error());
  const auto manifest = backup::export_tenant(
      place->database->tenant(place->tenant),
      {place->dump, flags.file, place->tenant, flags.tenant, std::string(kVersion), SystemClock().now()});
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
  const auto rows = place->remove();
  if (!rows) return fail("delete", rows.error());
  for (const auto& [table, count] : *rows)
    if (count > 0) std::printf("%12lld  %s\n", static_cast<long long>(count), table.c_str());
  std::printf("deleted %s\n", display_text(flags.tenant).c_str());
  return 0;
}

}  // namespace tocsin::app
