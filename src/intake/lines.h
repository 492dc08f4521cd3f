#pragma once
// Cuts the bytes of a growing file into lines. Pure.

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace tocsin::intake {

struct LineLimits {
  std::size_t max_line_bytes = 64 * 1024;
  std::size_t max_lines = 500;
};

struct LinesTaken {
  std::size_t bytes = 0;  // of the chunk that are done with
  bool skipping = false;  // inside a line whose begin was handed over as cut
};

namespace detail {
// A file that was cut while its writer kept its place begins with zeros.
inline std::string_view tidy(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of('\0'), line.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}
}  // namespace detail

// Calls each(std::string_view line, bool cut) for each whole line of the chunk, and for a begun one that is
// already too long. `at_end`: nothing will follow, so that a last line needs no line end. `skipping` comes
// from the chunk before.
template <class Each>
LinesTaken take_lines(std::string_view chunk, bool skipping, bool at_end, const LineLimits& limits,
                      Each each) {
  const auto hand_over = [&](std::string_view line) {
    const auto text = detail::tidy(line);
    if (!skipping && !text.empty()) {
      each(text.substr(0, limits.max_line_bytes), text.size() > limits.max_line_bytes);
    }
  };
  LinesTaken taken{0, skipping};
  for (std::size_t count = 0; count < limits.max_lines && taken.bytes < chunk.size(); ++count) {
    const auto end = chunk.find('\n', taken.bytes);
    const auto line = chunk.substr(taken.bytes, end - taken.bytes);
    const bool ends = end != chunk.npos;
    if (!ends && !at_end && !skipping && line.size() <= limits.max_line_bytes) break;
    hand_over(line);
    skipping = !ends && !at_end;
    taken = {ends ? end + 1 : chunk.size(), skipping};
  }
  return taken;
}

}  // namespace tocsin::intake
