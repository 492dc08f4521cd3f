#include "triage/attack_fallback.h"

#include <unordered_map>

#include "base/ascii.h"
#include "base/embedded.h"
#include "base/phrase_matcher.h"
#include "model/attack.h"

TOCSIN_EMBEDDED(attack_fallback)

namespace tocsin::triage {
namespace {

constexpr std::size_t kMaxFamilies = 3;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return parts;
}

// "SSH Brute-Force" -> "ssh_brute_force"
std::string snake_case(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, PhraseMatcher::kScanned)) {
    if (is_alnum(c)) {
      out += lower(c);
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  return out;
}

Result<Family> parse_family(std::string_view line, std::size_t number) {
  const auto cells = split(line, ',');
  if (cells.size() != 5 || cells[0].empty() || cells[2].empty()) {
    return error(ErrorKind::kInvalidSyntax, "read the ATT&CK fallback table",
                 "expected five cells: family,label,techniques,types,patterns",
                 "separate several techniques, types or patterns by ';'",
                 "attack_fallback.csv:" + std::to_string(number) + ":1");
  }
  return Family{cells[0], cells[1], split(cells[2], ';'), split(cells[3], ';'), split(cells[4], ';')};
}

struct Table {
  std::vector<Family> families;
  std::unordered_map<std::string_view, const Family*> by_type;
  std::vector<const Family*> of_phrase;
  std::optional<PhraseMatcher> matcher;
};

Table build_table() {
  Table table;
  if (auto parsed = parse_families(embedded_attack_fallback())) table.families = *std::move(parsed);
  std::vector<std::string_view> phrases;
  for (const auto& family : table.families) {
    for (const auto type : family.types) table.by_type.emplace(type, &family);
    for (const auto pattern : family.patterns) {
      phrases.push_back(pattern);
      table.of_phrase.push_back(&family);
    }
  }
  table.matcher.emplace(phrases);
  return table;
}

const Table& table() {
  static const Table built = build_table();
  return built;
}

void add_once(std::vector<const Family*>& list, const Family* family) {
  const bool known = std::find(list.begin(), list.end(), family) != list.end();
  if (!known && list.size() < kMaxFamilies) list.push_back(family);
}

void add_from_text(std::vector<const Family*>& list, std::string_view text) {
  auto hits = table().matcher->find(text);
  std::stable_sort(hits.begin(), hits.end(),
                   [](const auto& a, const auto& b) { return a.length > b.length; });
  for (const auto& hit : hits) add_once(list, table().of_phrase[hit.phrase]);
}

}  // namespace

Result<std::vector<Family>> parse_families(std::string_view csv) {
  std::vector<Family> parsed;
  std::size_t number = 0;
  for (const auto line : split(csv, '\n')) {
    if (++number == 1 || line.empty()) continue;  // the header
    TOCSIN_TRY(family, parse_family(line, number));
    parsed.push_back(std::move(family));
  }
  return parsed;
}

const std::vector<Family>& families() {
  return table().families;
}

const Family* find_family(std::string_view type) {
  const auto& types = table().by_type;
  auto found = types.find(type);
  if (found == types.end()) found = types.find(snake_case(type));
  return found == types.end() ? nullptr : found->second;
}

std::vector<const Family*> match_families(std::string_view type, std::string_view title) {
  std::vector<const Family*> matched;
  if (const auto* family = find_family(type)) return {family};
  add_from_text(matched, title);
  if (matched.empty()) add_from_text(matched, type);
  return matched;
}

void apply_attack(model::Alert& alert) {
  if (!alert.attack.techniques.empty() || !alert.attack.tactics.empty()) {
    alert.attack = model::checked_attack(alert.attack.techniques, alert.attack.tactics);
  }
  if (!alert.attack.techniques.empty()) return;
  std::vector<std::string> techniques;
  std::string basis;
  for (const auto* family : match_families(alert.type, alert.title)) {
    techniques.insert(techniques.end(), family->techniques.begin(), family->techniques.end());
    basis += (basis.empty() ? "" : ", ") + std::string(family->name);
  }
  if (techniques.empty()) return;
  alert.attack = model::checked_attack(techniques, alert.attack.tactics);
  alert.facts.push_back({"attack_basis", std::move(basis), "attack_fallback", alert.received_at});
}

}  // namespace tocsin::triage
