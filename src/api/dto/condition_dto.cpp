#include "api/dto/condition_dto.h"

#include "api/json_writer.h"
#include "model/attack.h"

namespace tocsin::api {
namespace {

using model::Condition;
using query::FieldInfo;

std::string_view name_of(Condition::Kind kind) {
  constexpr std::string_view kNames[] = {"and", "or", "not", "test", "words"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(model::Comparison how) {
  constexpr std::string_view kNames[] = {"equals", "matches", "contains", "in_network", "in_range", "exists"};
  return kNames[static_cast<std::size_t>(how)];
}

// Texts as they are, all else as the language writes it.
std::string shown(const FieldInfo& field, const model::Operand& operand) {
  if (const auto* text = std::get_if<std::string>(&operand)) return *text;
  return query::print_operand(field, operand);
}

void write_bound(JsonWriter& json, std::string_view name, const FieldInfo& field,
                 const std::optional<model::Bound>& bound) {
  if (!bound) return;
  json.member(name, [&] {
    json.object([&] {
      json.member("value", shown(field, bound->value));
      json.member("inclusive", bound->inclusive);
    });
  });
}

void write_test(JsonWriter& json, const model::Test& test, query::Subject subject) {
  const auto& field = *query::find_field(subject, test.field);
  json.member("field", field.name);
  json.member("comparison", name_of(test.how));
  if (!test.values.empty()) {
    json.member("values", [&] {
      json.array([&] {
        for (const auto& value : test.values) json.value(shown(field, value));
      });
    });
  }
  write_bound(json, "low", field, test.low);
  write_bound(json, "high", field, test.high);
}

void write_condition(JsonWriter& json, const Condition& condition, query::Subject subject) {
  json.object([&] {
    json.member("kind", name_of(condition.kind));
    if (condition.kind == Condition::Kind::kTest) return write_test(json, condition.test, subject);
    if (condition.kind == Condition::Kind::kWords) return json.member("words", condition.words);
    json.member("parts", [&] {
      json.array([&] {
        for (const auto& part : condition.parts) write_condition(json, part, subject);
      });
    });
  });
}

template <class Texts>
void write_texts(JsonWriter& json, std::string_view name, const Texts& texts) {
  json.member(name, [&] {
    json.array([&] {
      for (const std::string_view text : texts) {
        if (!text.empty()) json.value(text);
      }
    });
  });
}

// What a completion may offer; empty when values are free.
std::vector<std::string_view> offered_values(const FieldInfo& field) {
  std::vector<std::string_view> values(field.values.begin(), field.values.end());
  if (field.field == model::Field::kStatus && values.front() == "new") values.push_back("open");
  if (field.type == query::ValueType::kFlag) values = {"true", "false"};
  if (field.type == query::ValueType::kPerson) values = {"@me", "none"};
  if (field.type == query::ValueType::kTactic) {
    for (const auto& tactic : model::tactics()) values.push_back(tactic.id);
  }
  return values;
}

}  // namespace

void append_condition(std::string& out, const Condition& condition, query::Subject subject) {
  JsonWriter json(out);
  write_condition(json, condition, subject);
}

void append_field_table(std::string& out, query::Subject subject) {
  JsonWriter json(out);
  json.array([&] {
    for (const auto& field : query::fields(subject)) {
      json.object([&] {
        json.member("name", field.name);
        write_texts(json, "aliases", field.aliases);
        json.member("type", to_text(field.type));
        write_texts(json, "operators", query::operators(field.type));
        write_texts(json, "values", offered_values(field));
        if (field.most > field.least) {
          json.member("least", field.least);
          json.member("most", field.most);
        }
        json.member("description", field.description);
        json.member("example", field.example);
      });
    }
  });
}

}  // namespace tocsin::api
