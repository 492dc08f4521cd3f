#include "intake/framing.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace tocsin::intake {
namespace {

constexpr std::size_t kMaxCountDigits = 9;

// What the first bytes of a stream say; kAuto when they do not say it yet.
Framing framing_of(std::string_view start) {
  std::size_t digits = 0;
  while (digits < start.size() && is_digit(start[digits])) ++digits;
  if (start.empty() || (digits == start.size() && digits <= kMaxCountDigits && start[0] != '0')) {
    return Framing::kAuto;
  }
  if (digits == 0 || digits > kMaxCountDigits || start[0] == '0' || start[digits] != ' ') {
    return Framing::kLines;
  }
  if (digits + 1 == start.size()) return Framing::kAuto;
  return start[digits + 1] == '<' ? Framing::kOctetCounting : Framing::kLines;
}

std::size_t line_end(std::string_view bytes) {
  const auto end = bytes.find('\n');
  return std::min(bytes.substr(0, end).find('\0'), end);
}

std::string_view without_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

FrameReader::Step FrameReader::advance(std::string_view bytes) {
  if (framing_ == Framing::kAuto) return decide(bytes);
  if (framing_ == Framing::kLines) return read_line(bytes);
  return missing_ == 0 ? read_count(bytes) : read_counted(bytes);
}

// Takes bytes one by one until they decide: at most kMaxCountDigits + 2 of a connection. They stay in held_
// as the begin of what is read then.
FrameReader::Step FrameReader::decide(std::string_view bytes) {
  if (held_.empty() && (bytes[0] == '\n' || bytes[0] == '\r' || bytes[0] == '\0')) return {.used = 1};
  auto start = held_;
  std::size_t used = 0;
  while (used < bytes.size() && framing_of(start) == Framing::kAuto) start += bytes[used++];
  framing_ = framing_of(start);
  if (framing_ == Framing::kLines) {  // the last byte decided, and may be the line's end
    start.pop_back();
    --used;
  }
  held_ = std::move(start);
  if (framing_ != Framing::kOctetCounting) return {.used = used};
  held_.pop_back();  // '<' belongs to the message
  return {.used = used - 1};
}

void FrameReader::hold(std::string_view part) {
  const auto room = max_bytes_ - std::min(held_.size(), max_bytes_);
  overflown_ = overflown_ || part.size() > room;
  held_.append(part.substr(0, room));
}

FrameReader::Step FrameReader::read_line(std::string_view bytes) {
  const auto end = line_end(bytes);
  if (end == bytes.npos) {
    hold(bytes);
    return {.used = bytes.size()};
  }
  const auto line = bytes.substr(0, end);
  if (held_.empty() && !overflown_ && line.size() <= max_bytes_) {
    return {.used = end + 1, .message = without_return(line)};
  }
  hold(line);
  const bool cut = std::exchange(overflown_, false);
  return {.used = end + 1, .message = cut ? held_ : without_return(held_), .cut = cut, .message_done = true};
}

FrameReader::Step FrameReader::read_count(std::string_view bytes) {
  std::size_t used = 0;
  if (held_.empty()) {  // some senders put a line end after each message although they count
    while (used < bytes.size() && (bytes[used] == '\n' || bytes[used] == '\r')) ++used;
  }
  while (used < bytes.size() && is_digit(bytes[used]) && held_.size() <= kMaxCountDigits) {
    held_ += bytes[used++];
  }
  const auto blank_comes = held_.ends_with(' ');  // decide() has taken it with the count
  if (used == bytes.size() && !blank_comes) return {.used = used};
  const bool good = blank_comes || (bytes[used] == ' ' && !held_.empty() && held_.size() <= kMaxCountDigits);
  if (good) missing_ = std::stoul(held_);
  if (missing_ == 0) return broken(bytes.substr(used), used);
  held_.clear();
  return {.used = used + (blank_comes ? 0 : 1)};
}

FrameReader::Step FrameReader::broken(std::string_view rest, std::size_t used) {
  broken_ = true;
  hold(rest);
  return {.used = used + rest.size(), .message = held_, .cut = true, .message_done = true};
}

FrameReader::Step FrameReader::read_counted(std::string_view bytes) {
  const auto part = bytes.substr(0, missing_);
  const bool whole = held_.empty() && !overflown_ && part.size() == missing_ && part.size() <= max_bytes_;
  missing_ -= part.size();
  if (whole) return {.used = part.size(), .message = part};
  hold(part);
  if (missing_ > 0) return {.used = part.size()};
  const bool cut = std::exchange(overflown_, false);
  return {.used = part.size(), .message = held_, .cut = cut, .message_done = true};
}

FrameReader::Step FrameReader::last() {
  if (framing_ == Framing::kOctetCounting && missing_ == 0) held_.clear();  // the begin of a count
  const bool cut = overflown_ || missing_ > 0;
  return {.message = cut ? std::string_view(held_) : without_return(held_), .cut = cut};
}

}  // namespace tocsin::intake
