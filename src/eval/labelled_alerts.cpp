#include "eval/labelled_alerts.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <memory>

#include "ingest/file/rows.h"

namespace tocsin::eval {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = 1U << 30U;
constexpr std::string_view kEnding = "_groups.csv";
constexpr std::array<std::string_view, 9> kColumns{"first_ts", "detector", "name",  "short",   "host",
                                                   "count",    "label",    "phase", "incident"};

Error wrong(const fs::path& file, std::size_t line, std::string why) {
  return error(ErrorKind::kInvalidInput, "read labelled alerts", std::move(why),
               "See docs/evaluation.md for the layout.", file.string() + ':' + std::to_string(line));
}

template <class Number>
bool read_number(std::string_view text, Number& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc{} && end == text.data() + text.size();
}

constexpr std::size_t kNeeded = 7;  // without phase and incident

// The row's values in the order of kColumns.
using Row = std::array<std::string, kColumns.size()>;

Result<LabelledAlert> alert_of(Row row, const fs::path& file, std::size_t line) {
  auto& [at, detector, name, type, host, count, label, phase, incident] = row;
  LabelledAlert alert;
  double seconds = 0;
  if (!read_number(std::string_view(at), seconds) || !(seconds >= 0 && seconds < 9e9))
    return wrong(file, line, "first_ts is no time in seconds: " + at);
  alert.at = Timestamp(Nanos(static_cast<std::int64_t>(seconds * 1e9)));
  if (!read_number(std::string_view(count), alert.count) || alert.count < 1)
    return wrong(file, line, "count is no number above 0: " + count);
  if (label != "tp" && label != "fp" && label != "ambiguous")
    return wrong(file, line, "label is neither tp, fp nor ambiguous: " + label);
  alert.is_real = label == "tp";
  alert.is_ambiguous = label == "ambiguous";
  alert.detector = std::move(detector);
  alert.name = std::move(name);
  alert.type = std::move(type);
  alert.host = std::move(host);
  alert.phase = std::move(phase);
  alert.incident = std::move(incident);
  return alert;
}

std::string name_of(const fs::path& file) {
  auto name = file.filename().string();
  return name.substr(0, name.rfind(kEnding));
}

bool is_groups(const fs::path& file) {
  const auto name = file.filename().string();
  return name.ends_with(kEnding) || name.ends_with(std::string(kEnding) + ".gz");
}

// The rows of a table with the columns that are wanted, in their order; the first `needed` must be there.
template <std::size_t kCount, class Take>
Result<void> each_row(const fs::path& file, const std::array<std::string_view, kCount>& columns,
                      std::size_t needed, const Take& take) {
  TOCSIN_TRY(text, read_text(file));
  std::array<std::size_t, kCount> places{};
  std::size_t line = 0, width = 0;
  for (std::string_view rest(text); !rest.empty();) {
    ++line;
    const auto end = std::min(ingest::end_of_row(rest), rest.size());
    auto row = rest.substr(0, end);
    rest.remove_prefix(end);
    while (!row.empty() && (row.back() == '\n' || row.back() == '\r')) row.remove_suffix(1);
    if (row.empty()) continue;
    auto values = ingest::split_row(row, ',');
    if (line == 1) {
      for (std::size_t i = 0; i < kCount; ++i) {
        const auto found = std::find(values.begin(), values.end(), columns.at(i));
        if (found == values.end() && i < needed)
          return wrong(file, 1, "there is no column " + std::string(columns.at(i)));
        places.at(i) = static_cast<std::size_t>(found - values.begin());
      }
      width = values.size();
      continue;
    }
    std::array<std::string, kCount> chosen;
    for (std::size_t i = 0; i < kCount; ++i) {
      if (places.at(i) == width) continue;
      if (places.at(i) >= values.size()) return wrong(file, line, "the row has too few columns");
      chosen.at(i) = std::move(values[places.at(i)]);
    }
    TOCSIN_CHECK(take(std::move(chosen), line));
  }
  return {};
}

void sort_by_time(std::vector<LabelledAlert>& alerts) {
  std::stable_sort(alerts.begin(), alerts.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
}

}  // namespace

Result<std::string> read_text(const fs::path& file) {
  const std::unique_ptr<gzFile_s, decltype(&gzclose)> in(gzopen(file.c_str(), "rb"), &gzclose);
  const auto unreadable = [&](std::string why) {
    return error(ErrorKind::kUnavailable, "read file", std::move(why), {}, file.string());
  };
  if (!in) return unreadable("it cannot be opened");
  std::string text;
  std::array<char, 1U << 16U> block{};
  for (;;) {
    const int read = gzread(in.get(), block.data(), block.size());
    if (read < 0) return unreadable("it is damaged");
    if (read == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(read));
    if (text.size() > kMostBytes) return unreadable("it is larger than 1 GiB");
  }
}

Result<Environment> read_environment(const fs::path& file) {
  Environment environment{name_of(file), {}};
  TOCSIN_CHECK(each_row(file, kColumns, kNeeded, [&](Row row, std::size_t line) -> Result<void> {
    TOCSIN_TRY(alert, alert_of(std::move(row), file, line));
    environment.alerts.push_back(std::move(alert));
    return {};
  }));
  sort_by_time(environment.alerts);
  return environment;
}

Result<std::vector<Environment>> read_tenants(const fs::path& directory) {
  static constexpr std::array<std::string_view, 4> kTenantColumns{"timestamp", "tenant", "signature",
                                                                  "dest_ip"};
  std::map<std::string, Environment> tenants;
  for (const auto* name : {"suricata_alerts.csv", "suricata_alerts.csv.gz"}) {
    const auto file = directory / name;
    std::error_code failed;
    if (!fs::exists(file, failed)) continue;
    TOCSIN_CHECK(each_row(file, kTenantColumns, kTenantColumns.size(),
                          [&](auto row, std::size_t line) -> Result<void> {
                            const auto at = parse_time(row[0]);
                            if (!at) return wrong(file, line, "timestamp is no time: " + row[0]);
                            LabelledAlert alert;
                            alert.at = *at;
                            alert.detector = "Suricata";
                            alert.name = alert.type = std::move(row[2]);
                            alert.host = std::move(row[3]);
                            auto& tenant = tenants[row[1]];
                            tenant.name = row[1];
                            tenant.alerts.push_back(std::move(alert));
                            return {};
                          }));
  }
  std::vector<Environment> environments;
  for (auto& [name, tenant] : tenants) {
    sort_by_time(tenant.alerts);
    environments.push_back(std::move(tenant));
  }
  return environments;
}

Result<std::vector<Environment>> read_environments(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(directory, failed)) {
    if (is_groups(entry.path())) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Environment> environments;
  for (const auto& file : files) {
    TOCSIN_TRY(one, read_environment(file));
    environments.push_back(std::move(one));
  }
  return environments;
}

}  // namespace tocsin::eval
