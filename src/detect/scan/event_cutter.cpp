#include "detect/scan/event_cutter.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/ascii.h"

namespace tocsin::detect {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kHeadBytes = 512;  // enough to tell the layout
constexpr const char* kTooLong = "longer than 16 MiB";
constexpr const char* kNoObject = "no JSON object";
constexpr const char* kNotClosed = "a JSON object that is not closed";
constexpr const char* kBrokenText = "a JSON string that is not closed";
constexpr auto npos = std::string_view::npos;

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::size_t past_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

// Behind `{"Records": [`, or npos where something else stands.
std::size_t wrapper_begin(std::string_view text) {
  static constexpr std::array<std::string_view, 2> kNames{"\"Records\"", "\"records\""};
  if (!text.starts_with('{')) return npos;
  auto at = past_blanks(text, 1);
  const auto is_next = [&](std::string_view name) { return text.substr(at).starts_with(name); };
  const auto* name = std::find_if(kNames.begin(), kNames.end(), is_next);
  if (name == kNames.end()) return npos;
  at = past_blanks(text, at + name->size());
  if (at >= text.size() || text[at] != ':') return npos;
  at = past_blanks(text, at + 1);
  return at < text.size() && text[at] == '[' ? at + 1 : npos;
}

struct BracketsEnd {
  std::size_t at = npos;   // behind the closing bracket; npos when the text ends before
  bool is_broken = false;  // `at` is a line break inside of a string, where JSON allows none
};

// Closes the last of `depth` open brackets. Strings are passed over; what else stands between is not looked
// at.
BracketsEnd end_of_brackets(std::string_view text, std::size_t depth) {
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\n') return {at, true};
      if (c == '\\') ++at;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return {at + 1, false};
    }
  }
  return {};
}

}  // namespace

std::size_t EventCutter::cut(std::string_view text, bool last, std::vector<CutEvent>& events) {
  Cut cut{text, last, events};
  if (layout_ == Layout::kUnknown && !find_layout(cut)) return cut.at;
  const auto next = layout_ == Layout::kLines ? &EventCutter::next_line : &EventCutter::next_value;
  while (!cut.is_done()) {
    if (is_lost_) {
      pass_lost(cut);
    } else if (!(this->*next)(cut)) {
      break;
    }
  }
  return cut.at;
}

bool EventCutter::find_layout(Cut& cut) {
  if (!has_begun_) {
    if (cut.text.size() < kByteOrderMark.size() && !cut.last) return false;
    if (cut.text.starts_with(kByteOrderMark)) cut.at = kByteOrderMark.size();
    has_begun_ = true;
  }
  pass_blanks(cut);
  const auto head = cut.rest();
  const auto line_end = head.find('\n');
  if (!cut.last && line_end == npos && head.size() < kHeadBytes) return false;
  const bool has_values =
      head.starts_with('[') || wrapper_begin(head) != npos || without_blanks(head.substr(0, line_end)) == "{";
  layout_ = has_values ? Layout::kValues : Layout::kLines;
  return true;
}

void EventCutter::pass(Cut& cut, std::size_t bytes) {
  const auto passed = cut.rest().substr(0, bytes);
  line_ += static_cast<std::uint64_t>(std::count(passed.begin(), passed.end(), '\n'));
  cut.at += passed.size();
}

void EventCutter::pass_blanks(Cut& cut) {
  pass(cut, past_blanks(cut.rest(), 0));
}

void EventCutter::pass_lost(Cut& cut) {
  const auto end = cut.rest().find('\n');
  is_lost_ = end == npos;
  pass(cut, is_lost_ ? npos : end + 1);
}

// Nothing is looked for in these bytes again, so that no file costs more than one look at each of its bytes.
void EventCutter::give_up(Cut& cut, std::size_t bytes, const char* fault) {
  cut.events.push_back({cut.at, 0, line_, fault});
  pass(cut, bytes);
  is_lost_ = true;
}

bool EventCutter::next_line(Cut& cut) {
  const auto rest = cut.rest();
  const auto end = rest.find('\n');
  const bool is_whole = end != npos || cut.last;
  if (!is_whole && rest.size() < kMaxEventBytes) return false;
  const auto line = without_blanks(rest.substr(0, end));
  if (!is_whole || line.size() > kMaxEventBytes) {
    give_up(cut, end, kTooLong);
    return true;
  }
  if (!line.empty())
    cut.events.push_back({static_cast<std::size_t>(line.data() - cut.text.data()), line.size(), line_});
  cut.at += end == npos ? rest.size() : end + 1;
  ++line_;
  return true;
}

bool EventCutter::next_value(Cut& cut) {
  pass_blanks(cut);
  if (cut.is_done()) return false;
  const char c = cut.rest().front();
  if (in_wrapper_ && arrays_ == 0) return end_wrapper(cut);
  if (c == '{') return next_object(cut);
  if (c != '[' && c != ',' && c != ']') {
    give_up(cut, 0, kNoObject);
    return true;
  }
  if (c == '[') ++arrays_;
  if (c == ']' && arrays_ > 0) --arrays_;
  ++cut.at;
  return true;
}

bool EventCutter::next_object(Cut& cut) {
  const auto rest = cut.rest();
  const auto inside = arrays_ == 0 ? wrapper_begin(rest) : npos;
  if (inside != npos) {
    in_wrapper_ = true;
    arrays_ = 1;
    pass(cut, inside);
    return true;
  }
  const auto end = end_of_brackets(rest, 0);
  if (end.at == npos && !cut.last && rest.size() < kMaxEventBytes) return false;
  if (end.is_broken) {
    give_up(cut, end.at, kBrokenText);
  } else if (end.at == npos) {
    give_up(cut, npos, cut.last ? kNotClosed : kTooLong);
  } else {
    cut.events.push_back({cut.at, end.at, line_});
    pass(cut, end.at);
  }
  return true;
}

// What else the wrapper holds is no event.
bool EventCutter::end_wrapper(Cut& cut) {
  const auto end = end_of_brackets(cut.rest(), 1);
  if (end.at == npos && !cut.last && cut.rest().size() < kMaxEventBytes) return false;
  in_wrapper_ = false;
  if (end.at == npos || end.is_broken) {
    give_up(cut, end.at, kNotClosed);
  } else {
    pass(cut, end.at);
  }
  return true;
}

}  // namespace tocsin::detect
