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

// Up to the place.
template <class Rule>
std::string head_of(const Rule& rule, std::string_view id) {
  std::string head;
  JsonWriter json(head);
  json.object([&] {
    json.member("rule_id", id);
    json.member("title", rule.title);
    json.member("author", rule.author);
    json.member("level", to_string(rule.level));
    json.member("tags", rule.tags);
  });
  head.back() = ',';  // more members follow
  return head;
}

// Who wrote a rule is kept with its matches: the Detection Rule License asks for it.
template <class Rule>
std::string name_of(const Rule& rule) {
  auto name = display_text(rule.title);
  if (!rule.author.empty()) name += " (" + display_text(rule.author) + ")";
  return name;
}

}  // namespace

MatchLines::MatchLines(const std::vector<sigma::Rule>& rules, const Correlations& correlations,
                       const Files& files)
    : correlations_(correlations), files_(files) {
  for (const auto& rule : rules) heads_.push_back(head_of(rule, rule.id));
  for (const auto& rule : correlations)
    correlation_heads_.push_back(head_of(rule, rule.id.empty() ? rule.name : rule.id));
}

void MatchLines::append(std::string& out, std::size_t file, const ScanMatch& match) const {
  out += heads_.at(match.rule);
  append_place(out, {file, match.line});
  if (!match.event_id.empty()) out += ",\"event_id\":" + match.event_id;
  out += "}\n";
}

void MatchLines::append(std::string& out, const ScanHit& hit) const {
  out += correlation_heads_.at(hit.correlation);
  append_place(out, hit.events.back());
  out += ",\"correlation\":";
  JsonWriter json(out);
  const auto& names = correlations_[hit.correlation].group_by;
  json.object([&] {
    json.member("group", [&] {
      json.object([&] {
        for (std::size_t i = 0; i < std::min(names.size(), hit.group.size()); ++i)
          json.member(names[i], hit.group[i]);
      });
    });
    std::visit([&](auto number) { json.member("value", number); }, hit.value);
    json.member("first", hit.first);
    json.member("last", hit.last);
    json.member("events", [&] {
      json.array([&] {
        for (const auto& place : hit.events)
          json.written_by([&](std::string& to) {
            to += '{';
            append_place(to, place);
            to += '}';
          });
      });
    });
  });
  out += "}\n";
}

void MatchLines::append_place(std::string& out, const ScanPlace& place) const {
  out += "\"file\":";
  append_json_string(out, files_.at(place.file));
  out += ",\"line\":";
  append_json_number(out, static_cast<std::int64_t>(place.line));
}

MatchTable::MatchTable(const std::vector<sigma::Rule>& rules, const Correlations& correlations,
                       const Files& files)
    : rules_(rules), correlations_(correlations), files_(files), where_width_(0) {
  for (const auto& file : files) where_width_ = std::max(where_width_, file.size() + 1 + kLineDigits);
  where_width_ = std::min(where_width_, kMaxWhereWidth);
}

std::string MatchTable::header() const {
  std::string out;
  append_row(out, "LEVEL", "WHERE", "EVENT", "RULE");
  return out;
}

std::string MatchTable::where(const ScanPlace& place) const {
  constexpr std::size_t kMaxFile = 200;
  return display_text(files_.at(place.file), kMaxFile) + ":" + std::to_string(place.line);
}

void MatchTable::append(std::string& out, std::size_t file, const ScanMatch& match) const {
  const auto& rule = rules_.at(match.rule);
  append_row(out, to_string(rule.level), where({file, match.line}),
             display_text(without_quotes(match.event_id)), name_of(rule));
}

void MatchTable::append(std::string& out, const ScanHit& hit) const {
  constexpr std::size_t kMaxGroup = 100;
  const auto& rule = correlations_.at(hit.correlation);
  auto name = name_of(rule);
  for (std::size_t i = 0; i < hit.group.size(); ++i)
    name += (i == 0 ? ": " : ", ") + display_text(hit.group[i], kMaxGroup);
  append_row(out, to_string(rule.level), where(hit.events.back()), "", name);
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
