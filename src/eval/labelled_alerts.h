#pragma once
// Labelled alerts as files hold them: one environment of a set, in order of time.
//
// ENV_groups.csv or .csv.gz: a header, then a row for alerts of one kind within a minute, with at least the
// columns first_ts (seconds since 1970), detector, name, short, host, count and label (tp, fp or ambiguous);
// phase and incident where attacks are known.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace tocsin::eval {

struct LabelledAlert {
  Timestamp at;
  std::string detector;
  std::string name;
  std::string type;  // the column `short`
  std::string host;
  std::int64_t count = 1;
  bool is_real = false;
  bool is_ambiguous = false;
  std::string phase;
  std::string incident;
  std::optional<Timestamp> known_at;  // when people said what it is; absent: an hour after it was shown
  bool may_hide = true;               // false: it is too grave to be kept out of the queue
};

struct Environment {
  std::string name;
  std::vector<LabelledAlert> alerts;
};

// A text of a file that may be gzip; at most 1 GiB of it.
Result<std::string> read_text(const std::filesystem::path& file);

// kInvalidInput with FILE:LINE for a row that is not as above.
Result<Environment> read_environment(const std::filesystem::path& file);

// Every *_groups.csv[.gz] of the directory, by name. Empty when there is none.
Result<std::vector<Environment>> read_environments(const std::filesystem::path& directory);

// cptc2017: suricata_alerts.csv[.gz] with at least the columns timestamp, tenant, signature and dest_ip; one
// environment a tenant, in which nothing is labelled real. Empty when the directory has no such file.
Result<std::vector<Environment>> read_tenants(const std::filesystem::path& directory);

}  // namespace tocsin::eval
