#include "detect/scan/match_text.h"

#include <algorithm>

#include "base/display_text.h"
#include "base/json_writer.h"

namespace tocsin::detect {
namespace {

constexpr std::size_t kLevelWidth = 13;  // informational
constexpr std::size_t kEventWidth = 6;
constexpr std::size_t kMaxWhereWidth = 60;
constexpr std::size_t kLineDigits = 7;

void append_padded(std::string& out, std::string_view text, std::size_t width) {
  out += text;
  // Bytes that go on with a character take no place.
  const auto taken = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
  out.append(width - std::min(width, static_cast<std::size_t>(taken)), ' ');
  out += "  ";
}

std::string_view without_quotes(std::string_view text) {
  return text.size() >= 2 && text.front() == '"' ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

MatchLines::MatchLines(const std::vector<sigma::Rule>& rules) {
  for (const auto& rule : rules) {
    std::string head;
    JsonWriter json(head);
    json.object([&] {
      json.member("rule_id", rule.id);
      json.member("title", rule.title);
      json.member("author", rule.author);
      json.member("level", to_string(rule.level));
      json.member("tags", rule.tags);
    });
    head.back() = ',';  // more members follow
    heads_.push_back(std::move(head));
  }
}

void MatchLines::append(std::string& out, std::string_view file, const ScanMatch& match) const {
  out += heads_.at(match.rule);
  out += "\"file\":";
  append_json_string(out, file);
  out += ",\"line\":";
  append_json_number(out, static_cast<std::int64_t>(match.line));
  if (!match.event_id.empty()) out += ",\"event_id\":" + match.event_id;
  out += "}\n";
}

MatchTable::MatchTable(const std::vector<sigma::Rule>& rules, const std::vector<std::string>& files)
    : rules_(rules), where_width_(0) {
  for (const auto& file : files) where_width_ = std::max(where_width_, file.size() + 1 + kLineDigits);
  where_width_ = std::min(where_width_, kMaxWhereWidth);
}

std::string MatchTable::header() const {
  std::string out;
  append_row(out, "LEVEL", "WHERE", "EVENT", "RULE");
  return out;
}

void MatchTable::append(std::string& out, std::string_view file, const ScanMatch& match) const {
  constexpr std::size_t kMaxFile = 200;
  const auto& rule = rules_.at(match.rule);
  auto name = display_text(rule.title);
  // Who wrote a rule is kept with its matches: the Detection Rule License asks for it.
  if (!rule.author.empty()) name += " (" + display_text(rule.author) + ")";
  append_row(out, to_string(rule.level), display_text(file, kMaxFile) + ":" + std::to_string(match.line),
             display_text(without_quotes(match.event_id)), name);
}

void MatchTable::append_row(std::string& out, std::string_view level, std::string_view where,
                            std::string_view event, std::string_view rule) const {
  append_padded(out, level, kLevelWidth);
  append_padded(out, where, where_width_);
  append_padded(out, event, kEventWidth);
  out += rule;
  out += '\n';
}

}  // namespace tocsin::detect
