// Writes JSON lines: every hunting query and every playbook command, once with a benign value for each entity
// and once with each hostile one. tests/grammars/run.mjs parses them and compares the structures.

#include <cstdio>
#include <set>
#include <string>

#include "base/json_text.h"
#include "escape/testing/hostile.h"
#include "hunt/hunt.h"
#include "hunt/template.h"
#include "respond/fill.h"

namespace {

using namespace tocsin;

const Timestamp kStart = from_unix_nanos(1'767'528'000'000'000'000);  // 2026-01-04T12:00:00Z

struct Line {
  std::string_view group;  // "query" or "command"
  std::string_view id, language;
  int number = -1;  // of the hostile value; -1: benign
  std::string_view value, text;
  std::size_t refused = 0;
};

void append_member(std::string& out, std::string_view name, std::string_view text) {
  append_json_string(out, name);
  out += ':';
  append_json_string(out, text);
  out += ',';
}

void print(const Line& line) {
  std::string out = "{";
  append_member(out, "group", line.group);
  append_member(out, "id", line.id);
  append_member(out, "language", line.language);
  append_member(out, "value", line.value);
  append_member(out, "text", line.text);
  out += "\"number\":" + std::to_string(line.number) + ",\"refused\":" + std::to_string(line.refused) + "}\n";
  std::fwrite(out.data(), 1, out.size(), stdout);
}

std::vector<model::Entity> one_of_each(const std::string& value) {
  std::vector<model::Entity> entities;
  for (int kind = 0; kind <= static_cast<int>(model::EntityKind::kMac); ++kind)
    entities.push_back({static_cast<model::EntityKind>(kind), value, model::EntityRole::kRelated});
  return entities;
}

// Everything that any template asks for, so that all of them are written.
model::Attack every_attack() {
  std::set<std::string> ids;
  for (const auto list : {hunt::sentinel_templates(), hunt::defender_templates(), hunt::splunk_templates(),
                          hunt::elastic_templates(), hunt::athena_templates(), hunt::sigma_templates()}) {
    for (const auto& one : list) {
      for (auto rest = one.attack; !rest.empty();) {
        const auto id = rest.substr(0, rest.find(' '));
        ids.emplace(id);
        rest.remove_prefix(std::min(rest.size(), id.size() + 1));
      }
    }
  }
  return {{ids.begin(), ids.end()}, {}};
}

void print_queries(int number, const std::string& value, const model::Attack& attack) {
  const hunt::Case incident{"IN-1", one_of_each(value), {}, attack, kStart, kStart + std::chrono::hours(1)};
  for (const auto& query : hunt::incident_queries(incident))
    print({"query", query.id, hunt::to_text(query.language), number, value, query.text, 0});
}

void print_commands(int number, const std::string& value) {
  const respond::Filling filling{one_of_each(value), kStart, kStart + std::chrono::hours(1)};
  for (const auto& playbook : respond::shipped_playbooks()) {
    std::size_t place = 0;
    for (const auto& step : playbook.steps) {
      for (const auto& command : step.commands) {
        const auto id = playbook.id + "/" + std::to_string(place++);
        const auto filled = respond::fill(command, filling);
        print({"command", id, escape::to_text(command.syntax), number, value, filled.run,
               filled.refused.size()});
      }
    }
  }
}

}  // namespace

int main() {
  const auto attack = every_attack();
  const auto values = escape::testing::hostile_values();
  print_queries(-1, "plain", attack);
  print_commands(-1, "plain");
  for (std::size_t i = 0; i < values.size(); ++i) {
    print_queries(static_cast<int>(i), values[i], attack);
    print_commands(static_cast<int>(i), values[i]);
  }
  return 0;
}
