#include "store/notices.h"

#include <array>
#include <charconv>

namespace tocsin::store {
namespace {

// A line each: its first character says what it is.
constexpr char kOrigin = 'O';
constexpr char kTenant = 'T';
constexpr char kStored = 'S';
constexpr char kRemoved = 'R';
constexpr char kEverything = '*';
struct ListLine {
  char sign;
  std::vector<std::string> Notice::*list;
};
constexpr std::array<ListLine, 3> kLists{
    {{'A', &Notice::alerts}, {'I', &Notice::incidents}, {'K', &Notice::settings}}};

void add_line(std::string& text, char sign, std::string_view value) {
  text += sign;
  text += value;
  text += '\n';
}

std::int64_t number_of(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void take_line(std::string_view line, ReceivedNotice& received) {
  const char sign = line.front();
  line.remove_prefix(1);
  auto& notice = received.notice;
  if (sign == kOrigin) received.origin = line;
  if (sign == kTenant) notice.tenant = {number_of(line)};
  if (sign == kStored) notice.alerts_up_to = number_of(line);
  if (sign == kRemoved) notice.removed = true;
  if (sign == kEverything) notice.everything = true;
  for (const auto& [own, list] : kLists) {
    if (sign == own) (notice.*list).emplace_back(line);
  }
}

std::string head_of(const Notice& notice, std::string_view origin) {
  std::string text;
  add_line(text, kOrigin, origin);
  add_line(text, kTenant, std::to_string(notice.tenant.value));
  if (notice.alerts_up_to > 0) add_line(text, kStored, std::to_string(notice.alerts_up_to));
  if (notice.removed) add_line(text, kRemoved, {});
  return text;
}

}  // namespace

std::string encode_notice(const Notice& notice, std::string_view origin) {
  const auto head = head_of(notice, origin);
  auto text = head;
  bool everything = notice.everything;
  for (const auto& [sign, list] : kLists) {
    for (const auto& value : notice.*list) {
      everything = everything || text.size() + value.size() + 2 > kNoticeBytes ||
                   value.find('\n') != std::string::npos;
      if (!everything) add_line(text, sign, value);
    }
  }
  if (!everything) return text;
  text = head;
  add_line(text, kEverything, {});
  return text;
}

std::optional<ReceivedNotice> decode_notice(std::string_view text) {
  ReceivedNotice received;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos || end == 0) return std::nullopt;
    take_line(text.substr(0, end), received);
    text.remove_prefix(end + 1);
  }
  if (received.origin.empty()) return std::nullopt;
  return received;
}

}  // namespace tocsin::store
