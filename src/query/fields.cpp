#include "query/fields.h"

#include <algorithm>

#include "query/field_tables.h"

namespace tocsin::query {
namespace {

using model::Field;

struct TypeInfo {
  std::string_view name;
  std::span<const std::string_view> operators;
};

constexpr std::string_view kExactSigns[] = {":", "~", "!="};
constexpr std::string_view kTextSigns[] = {":", "~", "=", "!="};
constexpr std::string_view kChoiceSigns[] = {":", "!="};
constexpr std::string_view kOrderSigns[] = {":", ">=", ">", "<=", "<", "!="};
constexpr std::string_view kTimeSigns[] = {":", ">=", ">", "<=", "<"};

// By the places of ValueType.
constexpr TypeInfo kTypes[] = {
    {"name", kExactSigns},    {"text", kTextSigns},        {"entity", kExactSigns},
    {"address", kExactSigns}, {"alert_id", kChoiceSigns},  {"incident_id", kChoiceSigns},
    {"person", kExactSigns},  {"technique", kChoiceSigns}, {"tactic", kChoiceSigns},
    {"choice", kChoiceSigns}, {"level", kOrderSigns},      {"flag", kChoiceSigns},
    {"number", kOrderSigns},  {"fraction", kOrderSigns},   {"time", kTimeSigns},
    {"duration", kTimeSigns},
};
static_assert(std::size(kTypes) == static_cast<std::size_t>(ValueType::kDuration) + 1);

const TypeInfo& info(ValueType type) {
  return kTypes[static_cast<std::size_t>(type)];
}

template <class Matches>
const FieldInfo* find_where(Subject subject, Matches matches) {
  const auto all = fields(subject);
  const auto found = std::find_if(all.begin(), all.end(), matches);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::string_view to_text(Subject subject) {
  return subject == Subject::kAlerts ? "alerts" : "incidents";
}

std::optional<Subject> parse_subject(std::string_view text) {
  for (const auto subject : {Subject::kAlerts, Subject::kIncidents}) {
    if (to_text(subject) == text) return subject;
  }
  return std::nullopt;
}

std::span<const FieldInfo> fields(Subject subject) {
  return subject == Subject::kAlerts ? alert_fields() : incident_fields();
}

const FieldInfo* find_field(Subject subject, std::string_view name) {
  if (name.empty()) return nullptr;
  return find_where(subject, [&](const FieldInfo& one) {
    return one.name == name || std::find(one.aliases.begin(), one.aliases.end(), name) != one.aliases.end();
  });
}

const FieldInfo* find_field(Subject subject, Field field) {
  return find_where(subject, [&](const FieldInfo& one) { return one.field == field; });
}

std::string_view to_text(ValueType type) {
  return info(type).name;
}

std::span<const std::string_view> operators(ValueType type) {
  return info(type).operators;
}

bool has_order(ValueType type) {
  return type == ValueType::kLevel || type == ValueType::kNumber || type == ValueType::kFraction ||
         type == ValueType::kTime || type == ValueType::kDuration;
}

bool takes_commas(ValueType type) {
  switch (type) {
    case ValueType::kText:
    case ValueType::kEntity:
    case ValueType::kPerson:
      return false;
    default:
      return true;
  }
}

}  // namespace tocsin::query
