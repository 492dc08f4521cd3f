#include "copilot/words.h"

#include <arpa/inet.h>

#include <charconv>

#include "base/ascii.h"
#include "base/clock.h"

namespace tocsin::copilot {
namespace {

using model::EntityKind;

bool all_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

Word make_word(std::string_view text, bool quoted) {
  constexpr std::string_view kAround = ".,;:?!()[]<>";
  if (!quoted) {
    while (!text.empty() && kAround.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
    while (!text.empty() && kAround.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
    if (text.ends_with("'s")) text.remove_suffix(2);
  }
  Word word{std::string(text), {}, quoted, false};
  for (const char c : text) word.lower += lower(c);
  return word;
}

struct Unit {
  std::string_view name;
  char letter;  // of KQL and SPL alike
  int factor;
};
constexpr std::array<Unit, 17> kUnits{{{"minute", 'm', 1},
                                       {"minutes", 'm', 1},
                                       {"min", 'm', 1},
                                       {"mins", 'm', 1},
                                       {"m", 'm', 1},
                                       {"hour", 'h', 1},
                                       {"hours", 'h', 1},
                                       {"hrs", 'h', 1},
                                       {"h", 'h', 1},
                                       {"day", 'd', 1},
                                       {"days", 'd', 1},
                                       {"d", 'd', 1},
                                       {"week", 'd', 7},
                                       {"weeks", 'd', 7},
                                       {"w", 'd', 7},
                                       {"month", 'd', 30},
                                       {"months", 'd', 30}}};

const Unit* find_unit(std::string_view name) {
  for (const auto& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

// Longer than a year is cut to a year.
TimeSpan relative(int number, const Unit& unit) {
  auto amount = std::max(number, 1) * unit.factor;
  amount = std::min(amount, unit.letter == 'd' ? 366 : unit.letter == 'h' ? 366 * 24 : 366 * 24 * 60);
  const auto text = std::to_string(amount) + unit.letter;
  TimeSpan span;
  span.kql_from = "ago(" + text + ")";
  span.spl = "earliest=-" + text;
  span.hours = unit.letter == 'm' ? std::max(1, amount / 60) : unit.letter == 'h' ? amount : amount * 24;
  const auto noun = unit.letter == 'm' ? " minute" : unit.letter == 'h' ? " hour" : " day";
  span.words = "the last " + std::to_string(amount) + noun + (amount == 1 ? "" : "s");
  span.assumed = false;
  return span;
}

std::optional<int> number_of(std::string_view text) {
  constexpr std::array<std::string_view, 11> kNumbers{"zero", "one",   "two",   "three", "four", "five",
                                                      "six",  "seven", "eight", "nine",  "ten"};
  for (std::size_t i = 1; i < kNumbers.size(); ++i) {
    if (kNumbers[i] == text) return static_cast<int>(i);
  }
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole =
      failed == std::errc() && end == text.data() + text.size() && number >= 1 && number <= 9999;
  return whole ? std::optional(number) : std::nullopt;
}

void use(std::vector<Word>& words, std::size_t from, std::size_t count) {
  for (std::size_t i = from; i < from + count && i < words.size(); ++i) words[i].used = true;
}

std::string_view lower_at(const std::vector<Word>& words, std::size_t at) {
  return at < words.size() && !words[at].quoted ? std::string_view(words[at].lower) : std::string_view{};
}

// "24h", "7d"
std::optional<TimeSpan> compact_span(std::string_view text) {
  const auto digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
  const auto number = number_of(text.substr(0, digits));
  const auto* unit = find_unit(text.substr(digits));
  if (!number || unit == nullptr) return std::nullopt;
  return relative(*number, *unit);
}

std::optional<TimeSpan> relative_span(std::vector<Word>& words, std::size_t at) {
  const auto head = lower_at(words, at);
  const bool last = head == "last" || head == "past" || head == "previous" || head == "within";
  if (!last) return std::nullopt;
  auto next = at + 1;
  if (lower_at(words, next) == "the") ++next;
  if (const auto span = compact_span(lower_at(words, next))) {
    use(words, at, next + 1 - at);
    return span;
  }
  const auto number = number_of(lower_at(words, next));
  const auto* unit = find_unit(lower_at(words, next + (number ? 1 : 0)));
  if (unit == nullptr) return std::nullopt;
  use(words, at, next + (number ? 2 : 1) - at);
  return relative(number.value_or(1), *unit);
}

TimeSpan calendar(std::string kql_from, std::string kql_until, std::string spl, std::string text, int hours) {
  return {std::move(kql_from), std::move(kql_until), std::move(spl), std::move(text), hours, false};
}

std::optional<TimeSpan> named_span(std::vector<Word>& words, std::size_t at) {
  const auto head = lower_at(words, at);
  const auto next = lower_at(words, at + 1);
  if (head == "since" && next == "yesterday") {
    use(words, at, 2);
    return calendar("startofday(ago(1d))", "", "earliest=-1d@d", "since the start of yesterday", 48);
  }
  if (head == "today") {
    use(words, at, 1);
    return calendar("startofday(now())", "", "earliest=@d", "today", 24);
  }
  if (head == "yesterday") {
    use(words, at, 1);
    return calendar("startofday(ago(1d))", "startofday(now())", "earliest=-1d@d latest=@d", "yesterday", 24);
  }
  if (head == "this" && next == "week") {
    use(words, at, 2);
    return calendar("startofweek(now())", "", "earliest=@w0", "this week", 168);
  }
  return std::nullopt;
}

// "2026-01-04", or a whole time; a date is its first moment, UTC. parse_time alone takes no bare date.
std::optional<Timestamp> date_of(std::string text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (text.size() == 10) text.append("T00:00:00Z");
  return parse_time(text);
}

std::optional<TimeSpan> dated_span(std::vector<Word>& words, std::size_t at) {
  const auto head = lower_at(words, at);
  if ((head != "since" && head != "on" && head != "from" && head != "after") || at + 1 >= words.size())
    return std::nullopt;
  const auto date = date_of(words[at + 1].text);
  if (!date) return std::nullopt;
  const auto start = *date;
  use(words, at, 2);
  const auto seconds = to_unix_nanos(start) / 1'000'000'000;
  const auto literal = "datetime(" + to_rfc3339(start) + ")";
  if (head != "on")
    return calendar(literal, "", "earliest=" + std::to_string(seconds), "since " + to_rfc3339(start), 720);
  return calendar(literal, literal + " + 1d",
                  "earliest=" + std::to_string(seconds) + " latest=" + std::to_string(seconds + 86400),
                  "the day from " + to_rfc3339(start), 24);
}

bool is_address(const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         (text.find(':') != std::string::npos && inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1);
}

constexpr std::array<std::string_view, 26> kFileEndings{
    "exe",  "dll",  "ps1", "bat",  "cmd",  "vbs", "js",  "hta", "scr", "sh",  "py",  "jar", "doc",
    "docx", "docm", "xls", "xlsx", "xlsm", "pdf", "zip", "rar", "7z",  "iso", "lnk", "msi", "sys"};

bool is_file(std::string_view text) {
  const auto dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  return std::find(kFileEndings.begin(), kFileEndings.end(), text.substr(dot + 1)) != kFileEndings.end();
}

bool is_domain(std::string_view text) {
  const auto dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || text.find("..") != std::string_view::npos) return false;
  const auto last = text.substr(dot + 1);
  return last.size() >= 2 && all_of(last, "abcdefghijklmnopqrstuvwxyz") && all_of(text, kNameCharacters);
}

}  // namespace

std::vector<Word> split_words(std::string_view question) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < question.size();) {
    if (is_blank(question[at])) {
      ++at;
      continue;
    }
    const char quote = question[at];
    const auto end = quote == '"' || quote == '\'' ? question.find(quote, at + 1) : std::string_view::npos;
    if (end != std::string_view::npos && end > at + 1) {
      words.push_back(make_word(question.substr(at + 1, end - at - 1), true));
      at = end + 1;
      continue;
    }
    const auto start = at;
    while (at < question.size() && !is_blank(question[at])) ++at;
    auto word = make_word(question.substr(start, at - start), false);
    if (!word.text.empty()) words.push_back(std::move(word));
  }
  return words;
}

std::size_t phrase_at(const std::vector<Word>& words, std::size_t at, std::string_view phrase) {
  const bool open = phrase.ends_with('*');
  if (open) phrase.remove_suffix(1);
  std::size_t taken = 0;
  while (!phrase.empty()) {
    const auto end = std::min(phrase.find(' '), phrase.size());
    const auto part = phrase.substr(0, end);
    phrase.remove_prefix(std::min(end + 1, phrase.size()));
    if (at + taken >= words.size() || words[at + taken].quoted) return 0;
    std::string word = words[at + taken].lower;
    std::replace(word.begin(), word.end(), '-', ' ');
    // "sign-ins" is written as one word; it may hold several of the phrase.
    if (word.find(' ') != std::string::npos) {
      const auto rest = std::string(part) + (phrase.empty() ? "" : " " + std::string(phrase));
      return word == rest || (open && word.starts_with(rest)) ? taken + 1 : 0;
    }
    const bool last = phrase.empty();
    if (!(word == part || (last && open && word.starts_with(part)))) return 0;
    ++taken;
  }
  return taken;
}

bool take_phrase(std::vector<Word>& words, std::string_view phrase) {
  bool found = false;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const auto count = phrase_at(words, at, phrase);
    if (count == 0) continue;
    use(words, at, count);
    found = true;
  }
  return found;
}

std::optional<TimeSpan> take_time(std::vector<Word>& words) {
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (words[at].quoted) continue;
    if (auto span = relative_span(words, at)) return span;
    if (auto span = dated_span(words, at)) return span;
    if (auto span = named_span(words, at)) return span;
    if (auto span = compact_span(words[at].lower)) {
      words[at].used = true;
      return span;
    }
  }
  return std::nullopt;
}

std::optional<EntityKind> kind_by_shape(const Word& word) {
  const std::string_view text = word.lower;
  const auto size = text.size();
  if (is_address(word.text)) return EntityKind::kIp;
  if ((size == 32 || size == 40 || size == 64) && all_of(text, kHex)) return EntityKind::kHash;
  if (text.starts_with("http://") || text.starts_with("https://")) return EntityKind::kUrl;
  if (const auto at = text.find('@');
      at != std::string_view::npos && at > 0 && is_domain(text.substr(at + 1)))
    return EntityKind::kUser;
  if (const auto slash = text.find('\\');
      slash != std::string_view::npos && slash > 0 && slash + 1 < size && text[1] != ':') {
    return EntityKind::kUser;  // DOMAIN\name
  }
  if (is_file(text)) return EntityKind::kFile;
  if (is_domain(text) && !is_digit(text.back())) return EntityKind::kDomain;
  return std::nullopt;
}

}  // namespace tocsin::copilot
