// Playbook files: YAML to values, with the place of everything that is wrong.

#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "model/attack.h"
#include "respond/fill.h"
#include "respond/playbook.h"

namespace tocsin::respond {
namespace {

constexpr std::size_t kMaxFileBytes = 1 << 20;
constexpr std::size_t kMaxSteps = 100;

// Where it went wrong and why; thrown inside this file only, turned into an Error at its edge.
struct Wrong {
  YAML::Mark mark;
  std::string message;
  std::string hint;
};

using Keys = std::set<std::string>;

void expect_keys(const YAML::Node& node, const Keys& required, const Keys& optional) {
  if (!node.IsMap()) throw Wrong{node.Mark(), "expected a map", "write it as `key: value` lines"};
  for (const auto& entry : node) {
    const auto key = entry.first.as<std::string>();
    if (!required.contains(key) && !optional.contains(key))
      throw Wrong{entry.first.Mark(), "unknown key '" + key + "'", ""};
  }
  for (const auto& key : required) {
    if (!node[key]) throw Wrong{node.Mark(), "'" + key + "' is missing", ""};
  }
}

std::string text_of(const YAML::Node& node) {
  if (!node.IsScalar() || node.Scalar().empty())
    throw Wrong{node.Mark(), "expected text", "quote it if it has a colon"};
  return node.Scalar();
}

std::vector<std::string> texts_of(const YAML::Node& node) {
  if (!node.IsSequence()) throw Wrong{node.Mark(), "expected a list", "write it as [one, two]"};
  std::vector<std::string> texts;
  for (const auto& item : node) texts.push_back(text_of(item));
  return texts;
}

template <class Enum>
Enum choice_of(const YAML::Node& node, Enum last) {
  const auto text = text_of(node);
  std::string known;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const auto value = static_cast<Enum>(i);
    if (text == to_text(value)) return value;
    known += (i > 0 ? ", " : "") + std::string(to_text(value));
  }
  throw Wrong{node.Mark(), "'" + text + "' is not known here", "one of " + known};
}

model::EntityKind kind_of(const YAML::Node& node) {
  const auto kind = model::parse_entity_kind(text_of(node));
  if (!kind)
    throw Wrong{node.Mark(), "'" + node.Scalar() + "' is no entity kind",
                "such as user, host, ip, cloud_resource"};
  return *kind;
}

std::vector<model::EntityKind> kinds_of(const YAML::Node& node) {
  if (!node.IsSequence()) throw Wrong{node.Mark(), "expected a list", "write it as [one, two]"};
  std::vector<model::EntityKind> kinds;
  for (const auto& item : node) kinds.push_back(kind_of(item));
  return kinds;
}

std::vector<model::EntityRole> entity_roles_of(const YAML::Node& node) {
  if (!node.IsSequence()) throw Wrong{node.Mark(), "expected a list", "write it as [one, two]"};
  std::vector<model::EntityRole> roles;
  for (const auto& item : node) {
    const auto role = model::parse_entity_role(text_of(item));
    if (!role)
      throw Wrong{item.Mark(), "'" + item.Scalar() + "' is no role of an entity",
                  "one of actor, target, source, destination, related"};
    roles.push_back(*role);
  }
  return roles;
}

std::vector<std::string> techniques_of(const YAML::Node& node) {
  auto ids = texts_of(node);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto* known = model::find_technique(ids[i]);
    if (known == nullptr || known->id != ids[i])
      throw Wrong{node[i].Mark(), "'" + ids[i] + "' is no current ATT&CK technique",
                  known == nullptr ? "see attack.mitre.org" : "its current id is " + std::string(known->id)};
  }
  return ids;
}

std::vector<std::string> tactics_of(const YAML::Node& node) {
  auto ids = texts_of(node);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto place = model::find_tactic(ids[i]);
    if (!place || model::tactics()[*place].id != ids[i])
      throw Wrong{node[i].Mark(), "'" + ids[i] + "' is no id of an ATT&CK tactic", "such as TA0006"};
  }
  return ids;
}

// Every {placeholder} is known and stands where its quoting holds.
void check_placeholders(const YAML::Node& node, const Command& command) {
  for (const auto& found : placeholders(command.run)) {
    if (!is_known_placeholder(found.name))
      throw Wrong{node.Mark(), "'{" + std::string(found.name) + "}' is no placeholder",
                  "an entity kind such as {user}, or {from} and {until}"};
    const auto why = escape::misplaced(command.run, found.at, found.length, command.syntax);
    if (!why.empty())
      throw Wrong{node.Mark(), "'{" + std::string(found.name) + "}' " + why, "take it out of the quotes"};
  }
}

Command command_of(const YAML::Node& node) {
  expect_keys(node, {"platform", "syntax", "run"}, {});
  Command command{text_of(node["platform"]), choice_of(node["syntax"], escape::kLastSyntax),
                  text_of(node["run"])};
  check_placeholders(node["run"], command);
  return command;
}

std::vector<Command> commands_of(const YAML::Node& node) {
  if (!node.IsSequence()) throw Wrong{node.Mark(), "expected a list of commands", ""};
  std::vector<Command> commands;
  for (const auto& item : node) commands.push_back(command_of(item));
  return commands;
}

Step step_of(const YAML::Node& node) {
  expect_keys(node, {"phase", "action", "purpose", "risk", "impact", "role", "approver", "undo", "evidence"},
              {"effect", "target", "target_roles", "commands"});
  Step step;
  step.phase = choice_of(node["phase"], Phase::kDocument);
  step.action = text_of(node["action"]);
  step.purpose = text_of(node["purpose"]);
  if (node["effect"]) step.effect = choice_of(node["effect"], Effect::kRestoreData);
  step.risk = choice_of(node["risk"], Risk::kHigh);
  step.impact = text_of(node["impact"]);
  step.role = choice_of(node["role"], Role::kIncidentManager);
  step.approver = choice_of(node["approver"], Approver::kSystemOwner);
  step.undo = text_of(node["undo"]);
  step.evidence = texts_of(node["evidence"]);
  if (node["target"]) step.target = kind_of(node["target"]);
  if (node["target_roles"]) step.target_roles = entity_roles_of(node["target_roles"]);
  if (node["commands"]) step.commands = commands_of(node["commands"]);
  if (step.risk >= Risk::kMedium && step.approver == Approver::kAnalyst)
    throw Wrong{node["approver"].Mark(), "a step of medium or high risk needs somebody's approval",
                "soc_lead, incident_manager or system_owner"};
  return step;
}

std::vector<Step> steps_of(const YAML::Node& node) {
  if (!node.IsSequence() || node.size() == 0) throw Wrong{node.Mark(), "expected a list of steps", ""};
  if (node.size() > kMaxSteps) throw Wrong{node.Mark(), "more than 100 steps", "split the playbook"};
  std::vector<Step> steps;
  std::set<std::string> actions;
  for (const auto& item : node) {
    steps.push_back(step_of(item));
    const auto& step = steps.back();
    if (!actions.insert(step.action).second)
      throw Wrong{item.Mark(), "the action stands twice", "name each step differently"};
    if (steps.size() > 1 && step.phase < steps[steps.size() - 2].phase) {
      throw Wrong{item.Mark(), "the step comes after one of a later phase",
                  "order: triage, contain, eradicate, recover, document"};
    }
  }
  return steps;
}

Playbook playbook_of(const YAML::Node& node) {
  expect_keys(node, {"id", "title", "matches", "steps"}, {});
  Playbook playbook;
  playbook.id = text_of(node["id"]);
  playbook.title = text_of(node["title"]);
  const auto matches = node["matches"];
  expect_keys(matches, {}, {"types", "techniques", "tactics", "entities"});
  if (matches["types"]) playbook.types = texts_of(matches["types"]);
  if (matches["techniques"]) playbook.techniques = techniques_of(matches["techniques"]);
  if (matches["tactics"]) playbook.tactics = tactics_of(matches["tactics"]);
  if (matches["entities"]) playbook.entities = kinds_of(matches["entities"]);
  if (playbook.types.empty() && playbook.techniques.empty() && playbook.tactics.empty())
    throw Wrong{matches.Mark(), "nothing would ever match it", "name types, techniques or tactics"};
  playbook.steps = steps_of(node["steps"]);
  return playbook;
}

std::string place_of(std::string_view file, const YAML::Mark& mark) {
  return std::string(file) + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
}

constexpr const char* kOp = "read playbook";

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (!file.is_open()))
    return error(ErrorKind::kNotFound, kOp, "cannot be read", "", path.string());
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxFileBytes)
    return error(ErrorKind::kTooLarge, kOp, "larger than 1 MiB", "", path.string());
  return text;
}

Result<Playbook> load_playbook(const std::filesystem::path& path) {
  TOCSIN_TRY(text, read_file(path));
  return parse_playbook(text, path.string());
}

std::vector<std::filesystem::path> playbook_files(const std::string& directory, std::vector<Error>& errors) {
  std::vector<std::filesystem::path> files;
  std::error_code failed;
  for (std::filesystem::directory_iterator it(directory, failed), end; !failed && it != end;
       it.increment(failed)) {
    const auto extension = it->path().extension();
    if (extension == ".yaml" || extension == ".yml") files.push_back(it->path());
  }
  if (failed)
    errors.push_back(
        error(ErrorKind::kNotFound, kOp, failed.message(), "check the playbook directory", directory));
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Result<Playbook> parse_playbook(std::string_view yaml, std::string_view file) {
  try {
    return playbook_of(YAML::Load(std::string(yaml)));
  } catch (const Wrong& wrong) {
    return error(ErrorKind::kInvalidInput, kOp, wrong.message, wrong.hint, place_of(file, wrong.mark));
  } catch (const YAML::Exception& failure) {
    return error(ErrorKind::kInvalidSyntax, kOp, failure.msg, "", place_of(file, failure.mark));
  }
}

Library load_playbooks(const std::string& directory) {
  std::map<std::string, Playbook> by_id;
  for (const auto& playbook : shipped_playbooks()) by_id[playbook.id] = playbook;
  Library library;
  for (const auto& file : playbook_files(directory, library.errors)) {
    auto playbook = load_playbook(file);
    if (playbook) {
      auto id = playbook->id;
      by_id[id] = *std::move(playbook);
    } else {
      library.errors.push_back(std::move(playbook).error());
    }
  }
  for (auto& [id, playbook] : by_id) library.playbooks.push_back(std::move(playbook));
  return library;
}

}  // namespace tocsin::respond
