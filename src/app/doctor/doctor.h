#pragma once
// What may be wrong with an installation, and what to do about it. Each check looks at one thing, changes
// nothing, and says in words what it found; docs/operations/doctor.md lists them.

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "config/config.h"
#include "store/sqlite/inspect.h"

namespace tocsin::app::doctor {

enum class Health : std::uint8_t { kGood, kNote, kProblem };
std::string_view to_text(Health health);  // ok note problem

struct Finding {
  std::string_view check;  // its name
  Health health = Health::kGood;
  std::string what;
  std::string hint;  // of a problem: what to do
};

// What is examined.
struct Installation {
  std::filesystem::path data_dir;
  std::filesystem::path database;      // the file
  Result<config::Settings> settings;   // or why they cannot be read
  Result<store::DatabaseFacts> facts;  // of the database; kNotFound: there is none yet
  bool running = false;                // a server has the database open
  bool thorough = false;               // every index and row, not only the pages
  Timestamp now{};
};

// Takes what a check has to say.
class Findings {
 public:
  void good(std::string what) { add(Health::kGood, std::move(what), {}); }
  void note(std::string what, std::string hint = {}) { add(Health::kNote, std::move(what), std::move(hint)); }
  void problem(std::string what, std::string hint) {
    add(Health::kProblem, std::move(what), std::move(hint));
  }
  void of(std::string_view check) { check_ = check; }
  std::vector<Finding> take() { return std::move(all_); }

 private:
  void add(Health health, std::string what, std::string hint) {
    all_.push_back({check_, health, std::move(what), std::move(hint)});
  }
  std::string_view check_;
  std::vector<Finding> all_;
};

struct Check {
  std::string_view name;
  std::string_view looks_at;
  void (*run)(const Installation&, Findings&);
};
std::span<const Check> checks();

// Of every check, in their order.
std::vector<Finding> examine(const Installation& installation);

// The checks, by what they look at.
void check_settings(const Installation&, Findings&);
void check_port(const Installation&, Findings&);
void check_limits(const Installation&, Findings&);
void check_clock(const Installation&, Findings&);
void check_console(const Installation&, Findings&);
void check_certificates(const Installation&, Findings&);
void check_directory(const Installation&, Findings&);
void check_space(const Installation&, Findings&);
void check_file_system(const Installation&, Findings&);
void check_leftovers(const Installation&, Findings&);
void check_keys(const Installation&, Findings&);
void check_enrichment(const Installation&, Findings&);
void check_mappings(const Installation&, Findings&);
void check_playbooks(const Installation&, Findings&);
void check_database(const Installation&, Findings&);
void check_schema(const Installation&, Findings&);
void check_log(const Installation&, Findings&);
void check_journal(const Installation&, Findings&);
void check_dead_letters(const Installation&, Findings&);
void check_jobs(const Installation&, Findings&);

}  // namespace tocsin::app::doctor
