#pragma once
// Alerts for load: JSON of 400 to 600 bytes, all different, written once and then patched in place. Every
// value that changes has a fixed width, so a body keeps its length and a new alert costs a few digits instead
// of a rendering.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace tocsin::bench {

struct AlertOptions {
  std::uint64_t seed = 1;
  std::string run = "000000";    // six characters inside every id, so that runs do not repeat each other
  std::uint32_t hosts = 20'000;  // at most 99,999
  std::uint32_t users = 30'000;  // at most 99,999
  std::uint32_t addresses = 200'000;
  Timestamp start{};                       // of the first alert
  std::chrono::microseconds step{86'400};  // from one alert to the next: a million are a day
};

// A place in a body where one alert stands.
struct AlertSlot {
  std::size_t offset = 0;
  std::uint32_t form = 0;  // which of the alert types
};

// Const after construction, so threads may share it.
class AlertWriter {
 public:
  explicit AlertWriter(AlertOptions options);

  std::size_t forms() const { return forms_.size(); }
  // Adds one alert of that form to `body`, with its values still blank.
  AlertSlot append_blank(std::string& body, std::uint32_t form) const;
  // Makes the alert at `slot` alert `number`: same number, same alert.
  void fill(std::string& body, const AlertSlot& slot, std::uint64_t number) const;

 private:
  struct Form {
    std::string text;
    std::size_t id, time, user, host, source_ip, target_ip, token, count;
  };
  static Form make_form(std::string_view row_source, std::string_view type, std::string_view severity,
                        std::string_view text, std::string_view run);

  AlertOptions options_;
  std::vector<Form> forms_;
  std::vector<std::string> addresses_;  // quoted and padded to one width
};

// Alerts first..first+count-1, one a line; false when the file cannot be written.
bool dump_ndjson(const AlertWriter& writer, std::uint64_t first, std::uint64_t count,
                 const std::string& file);

}  // namespace tocsin::bench
