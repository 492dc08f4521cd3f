// doctor: what may be wrong with an installation, in words or as JSON.

#include "app/doctor/doctor.h"

#include <cstdio>

#include "app/commands/commands.h"
#include "app/commands/environment.h"
#include "base/json_writer.h"
#include "store/sqlite/snapshot.h"

namespace tocsin::app {
namespace {

using doctor::Finding;
using doctor::Health;

Result<config::Settings> read_settings(const DoctorFlags& flags) {
  config::Values values;
  if (!flags.listen.empty()) {
    TOCSIN_TRY(listen, config::parse_listen(flags.listen));
    values = std::move(listen);
  }
  if (!flags.data.empty()) values.insert_or_assign("data.dir", flags.data);
  TOCSIN_TRY(dotenv, read_dotenv());
  return config::load(values, config::process_environment(), dotenv, flags.config);
}

std::filesystem::path data_dir_of(const DoctorFlags& flags, const Result<config::Settings>& settings) {
  if (!flags.data.empty()) return flags.data;
  return settings ? settings->data_dir : config::Settings{}.data_dir;
}

doctor::Installation look_at(const DoctorFlags& flags) {
  auto settings = read_settings(flags);
  const auto directory = data_dir_of(flags, settings);
  const auto database = directory / kDatabaseFile;
  const bool running = store::is_in_use(database.string());  // before anything of ours opens it
  return {directory, database,       std::move(settings), store::inspect_sqlite(database.string()),
          running,   flags.thorough, SystemClock().now()};
}

std::size_t problems_in(const std::vector<Finding>& findings) {
  std::size_t count = 0;
  for (const auto& finding : findings) count += finding.health == Health::kProblem ? 1 : 0;
  return count;
}

void print_text(const std::vector<Finding>& findings, std::size_t problems) {
  for (const auto& finding : findings) {
    const auto mark = finding.health == Health::kProblem ? "PROBLEM" : to_text(finding.health);
    std::printf("%-8s%-16s%s\n", std::string(mark).c_str(), std::string(finding.check).c_str(),
                finding.what.c_str());
    if (!finding.hint.empty()) std::printf("%24s%s\n", "", finding.hint.c_str());
  }
  if (problems > 0) std::printf("%zu problem(s)\n", problems);
}

void print_json(const std::vector<Finding>& findings, std::size_t problems) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("problems", problems);
    json.member("findings", [&] {
      json.array([&] {
        for (const auto& finding : findings) {
          json.object([&] {
            json.member("check", finding.check);
            json.member("health", to_text(finding.health));
            json.member("what", finding.what);
            json.member("hint", finding.hint);
          });
        }
      });
    });
  });
  std::printf("%s\n", out.c_str());
}

int print_state(const std::filesystem::path& database) {
  auto snapshot = store::SqliteSnapshot::take(database.string());
  auto state = snapshot ? (*snapshot)->state_hash() : Result<std::string>(snapshot.error());
  if (!state) {
    std::fprintf(stderr, "tocsin doctor: %s\n", to_string(state.error()).c_str());
    return 2;
  }
  std::printf("state %s\n", state->c_str());
  if (!(*snapshot)->journal().empty())
    std::printf("and %zu bytes of acknowledged alerts in the ingest journal\n",
                (*snapshot)->journal().size());
  return 0;
}

}  // namespace

int run_doctor(const DoctorFlags& flags) {
  if (flags.state_hash) return print_state(data_dir_of(flags, read_settings(flags)) / kDatabaseFile);
  const auto findings = doctor::examine(look_at(flags));
  const auto problems = problems_in(findings);
  flags.json ? print_json(findings, problems) : print_text(findings, problems);
  return problems > 0 ? 1 : 0;
}

}  // namespace tocsin::app
