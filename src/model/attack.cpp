#include "model/attack.h"

#include <array>
#include <deque>
#include <string>
#include <unordered_map>

#include "base/embedded.h"

namespace tocsin::model {
namespace {

TOCSIN_EMBEDDED(attack_techniques)
TOCSIN_EMBEDDED(attack_tactics)
TOCSIN_EMBEDDED(attack_retired_techniques)

constexpr std::array<std::string_view, 14> kKillChain{"TA0043", "TA0042", "TA0001", "TA0002", "TA0003",
                                                      "TA0004", "TA0005", "TA0006", "TA0007", "TA0008",
                                                      "TA0009", "TA0011", "TA0010", "TA0040"};

// One field of a CSV line, with or without quotes; moves `line` past it and its comma.
std::string take_field(std::string_view& line) {
  std::string field;
  bool quoted = false;
  std::size_t at = 0;
  for (; at < line.size() && (quoted || line[at] != ','); ++at) {
    if (line[at] != '"') {
      field += line[at];
    } else if (quoted && at + 1 < line.size() && line[at + 1] == '"') {
      field += line[++at];
    } else {
      quoted = !quoted;
    }
  }
  line.remove_prefix(std::min(at + 1, line.size()));
  return field;
}

// Calls `on_row` with each line after the header.
template <class OnRow>
void for_each_row(std::string_view csv, OnRow on_row) {
  bool header = true;
  while (!csv.empty()) {
    const auto end = std::min(csv.find('\n'), csv.size());
    auto line = csv.substr(0, end);
    csv.remove_prefix(std::min(end + 1, csv.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!header && !line.empty()) on_row(line);
    header = false;
  }
}

// Lower case letters and digits only: "Command-and-Control", "CommandAndControl" and "command and control"
// meet.
std::string squeeze(std::string_view text) {
  std::string key;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      key += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      key += c;
    }
  }
  return key;
}

class Table {
 public:
  Table() {
    load_tactics();
    load_techniques();
    load_retired();
  }
  const std::vector<Tactic>& tactics() const { return tactics_; }

  std::optional<std::uint8_t> find_tactic(std::string_view text) const {
    const auto found = tactic_places_.find(squeeze(text));
    if (found == tactic_places_.end()) return std::nullopt;
    return found->second;
  }

  const Technique* find_technique(std::string_view text) const {
    const auto key = squeeze(text);
    if (const auto found = techniques_by_key_.find(key); found != techniques_by_key_.end())
      return found->second;
    const auto retired = replaced_by_.find(key);
    if (retired == replaced_by_.end()) return nullptr;
    const auto found = techniques_by_key_.find(retired->second);
    return found == techniques_by_key_.end() ? nullptr : found->second;
  }

 private:
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

  void load_tactics() {
    tactics_.resize(kKillChain.size());
    for_each_row(embedded_attack_tactics(), [&](std::string_view line) {
      const auto id = keep(take_field(line));
      const auto name = keep(take_field(line));
      const auto place = std::find(kKillChain.begin(), kKillChain.end(), id) - kKillChain.begin();
      if (static_cast<std::size_t>(place) == kKillChain.size()) return;
      tactics_[static_cast<std::size_t>(place)] = {id, name};
      tactic_places_[squeeze(id)] = static_cast<std::uint8_t>(place);
      tactic_places_[squeeze(name)] = static_cast<std::uint8_t>(place);
    });
  }

  void load_techniques() {
    std::unordered_map<std::string, std::string> names;  // by id, to spell out the parent of a sub-technique
    for_each_row(embedded_attack_techniques(), [&](std::string_view line) {
      const auto id = take_field(line);
      names[id] = take_field(line);
    });
    for_each_row(embedded_attack_techniques(), [&](std::string_view line) { load_technique(line, names); });
    for (const auto& name : ambiguous_) techniques_by_key_.erase(name);
  }

  void load_technique(std::string_view line, const std::unordered_map<std::string, std::string>& names) {
    const auto id = take_field(line);
    const auto own_name = take_field(line);
    auto tactic_names = take_field(line);
    const auto dot = id.find('.');
    const auto parent = dot == std::string::npos ? names.end() : names.find(id.substr(0, dot));
    const auto full_name = parent == names.end() ? own_name : parent->second + ": " + own_name;
    auto& technique = techniques_.emplace_back(Technique{keep(id), keep(full_name), {}});
    for (std::string_view rest = tactic_names; !rest.empty();) {
      const auto end = std::min(rest.find(';'), rest.size());
      if (const auto place = find_tactic(rest.substr(0, end))) technique.tactic_places.push_back(*place);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    techniques_by_key_[squeeze(id)] = &technique;
    techniques_by_key_[squeeze(full_name)] = &technique;
    if (parent != names.end()) add_short_name(squeeze(own_name), &technique);
  }

  // "Password Guessing" alone is enough unless two techniques share the name.
  void add_short_name(const std::string& key, const Technique* technique) {
    const auto [found, added] = techniques_by_key_.emplace(key, technique);
    const bool is_top_level = found->second->id.find('.') == std::string_view::npos;
    if (!added && found->second != technique && !is_top_level) ambiguous_.push_back(key);
  }

  void load_retired() {
    for_each_row(embedded_attack_retired_techniques(), [&](std::string_view line) {
      const auto id = take_field(line);
      const auto name = take_field(line);
      take_field(line);
      const auto successor = take_field(line);
      if (successor.empty()) return;
      replaced_by_[squeeze(id)] = squeeze(successor);
      replaced_by_.emplace(squeeze(name), squeeze(successor));
    });
  }

  std::deque<std::string> texts_;  // stable addresses for the views
  std::vector<Tactic> tactics_;
  std::deque<Technique> techniques_;
  std::unordered_map<std::string, std::uint8_t> tactic_places_;
  std::unordered_map<std::string, const Technique*> techniques_by_key_;
  std::unordered_map<std::string, std::string> replaced_by_;
  std::vector<std::string> ambiguous_;
};

const Table& table() {
  static const Table instance;
  return instance;
}

}  // namespace

const std::vector<Tactic>& tactics() {
  return table().tactics();
}
std::optional<std::uint8_t> find_tactic(std::string_view id_or_name) {
  return table().find_tactic(id_or_name);
}
const Technique* find_technique(std::string_view id_or_name) {
  return table().find_technique(id_or_name);
}

Attack checked_attack(const std::vector<std::string>& techniques,
                      const std::vector<std::string>& tactic_names) {
  Attack attack;
  std::uint16_t given = 0;
  std::uint16_t implied = 0;
  for (const auto& text : techniques) {
    const auto* technique = find_technique(text);
    if (technique == nullptr) continue;
    if (std::find(attack.techniques.begin(), attack.techniques.end(), technique->id) !=
        attack.techniques.end()) {
      continue;
    }
    attack.techniques.emplace_back(technique->id);
    for (const auto place : technique->tactic_places)
      implied = static_cast<std::uint16_t>(implied | 1U << place);
  }
  for (const auto& text : tactic_names) {
    if (const auto place = find_tactic(text)) given = static_cast<std::uint16_t>(given | 1U << *place);
  }
  const unsigned bits = given != 0 ? given : implied;
  for (std::size_t i = 0; i < tactics().size(); ++i) {
    if ((bits >> i & 1U) != 0) attack.tactics.emplace_back(tactics()[i].id);
  }
  return attack;
}

std::uint16_t tactic_bits(const Attack& attack) {
  unsigned bits = 0;
  for (const auto& tactic : attack.tactics) {
    if (const auto place = find_tactic(tactic)) bits |= 1U << *place;
  }
  return static_cast<std::uint16_t>(bits);
}

}  // namespace tocsin::model
