// tocsin secrets rotate: a new key for the secrets at rest.

#include <cstdio>

#include "app/commands/commands.h"
#include "app/commands/environment.h"
#include "app/database.h"
#include "auth/rotation.h"
#include "store/acting.h"

namespace tocsin::app {
namespace {

Result<auth::Rotation> rotate(const RotateSecretsFlags& flags) {
  config::Values values;
  if (!flags.data.empty()) values.insert_or_assign("data.dir", flags.data);
  if (!flags.database.empty()) values.insert_or_assign("data.database_url", flags.database);
  TOCSIN_TRY(dotenv, read_dotenv());
  TOCSIN_TRY(settings, config::load(values, config::process_environment(), dotenv, flags.config));
  const SystemClock clock;
  TOCSIN_TRY(database, open_database(settings, clock));
  const store::Acting acting({.actor = "command line"});
  auto done = auth::rotate_secrets(*database, settings.data_dir / kSecretsKeyFile,
                                   config::process_environment()(kSecretsPassphrase));
  database->close();
  return done;
}

}  // namespace

int rotate_secrets(const RotateSecretsFlags& flags) {
  const auto done = rotate(flags);
  if (!done) {
    std::fprintf(stderr, "tocsin secrets rotate: %s\n", to_string(done.error()).c_str());
    return 2;
  }
  std::printf("key %s seals from now on; %zu secrets were sealed anew\n", done->key_id.c_str(),
              done->resealed);
  for (const auto& what : done->unreadable)
    std::fprintf(stderr, "no key opens %s: set it anew; the old keys were kept\n", what.c_str());
  return done->unreadable.empty() ? 0 : 1;
}

}  // namespace tocsin::app
