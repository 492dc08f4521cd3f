#pragma once
// The query language: one grammar for lists, bulk changes, saved views, suppression and service levels.
// docs/query-language.md tells it to people.
//
//   TOCSIN_TRY(condition, parse("severity>=high -status:closed host:web-* \"failed login\"",
//   Subject::kAlerts)); query.where = resolve(condition, {clock.now(), "ana"});
//
// Pure functions; texts are UTF-8 and may be hostile.

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/condition.h"
#include "query/fields.h"

namespace tocsin::query {

constexpr std::size_t kMaxBytes = 4000;
constexpr std::size_t kMaxDepth = 16;  // of parentheses and negations
constexpr std::size_t kMaxTerms = 64;  // fields and free words
constexpr std::size_t kMaxListValues = 100;
constexpr std::size_t kMaxValues = 300;  // of all lists together
constexpr std::size_t kMaxValueBytes = 1000;
constexpr std::size_t kMaxStars = 8;  // of one pattern

// kInvalidInput with `where` "q:COLUMN" (characters from 1) and a hint; "q" when it is too long as a whole.
// The tree is normal: no kAll inside a kAll, no kAny inside a kAny, none of them with one part; an empty
// query is a kAll without parts.
Result<model::Condition> parse(std::string_view text, Subject subject);

// The canonical text of a normal tree: parse(print(tree)) is the same tree.
std::string print(const model::Condition& condition, Subject subject);

// One value as the language writes it.
std::string print_operand(const FieldInfo& field, const model::Operand& operand);

// Who asks, and when.
struct Scope {
  Timestamp now;
  std::string me;
};
// Makes times absolute, replaces ages by times and @me by the caller, and gathers the free words that all
// must hold into one part whose last word may go on. What comes of it holds integers, fractions and texts
// only, and ranges of integers include their ends.
model::Condition resolve(const model::Condition& condition, Subject subject, const Scope& scope);

}  // namespace tocsin::query
