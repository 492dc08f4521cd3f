#include "detect/match/matcher.h"

#include <algorithm>
#include <set>

#include "base/ascii.h"
#include "detect/match/plan_run.h"

namespace tocsin::detect {
namespace {

constexpr std::size_t kMaxPlans = 1024;   // kinds of views for which a plan is kept; then all are made anew
constexpr std::size_t kMaxKeys = 16'384;  // kinds of events that a thread remembers

const SourceNames kOwnNames;

Error bad_text() {
  return error(ErrorKind::kInvalidSyntax, "read event", "a text has an escape that JSON does not know",
               "Write only the escapes of RFC 8259.");
}

bool is_prefix_pattern(std::string_view text) {
  return text.ends_with('*');
}

void collect_fields(const sigma::Item& item, std::set<std::string>& fields) {
  if (item.field) fields.insert(*item.field);
  for (const auto& alternatives : item.values) {
    for (const auto& matcher : alternatives) {
      if (const auto* reference = std::get_if<sigma::FieldReference>(&matcher))
        fields.insert(reference->field);
    }
  }
}

// The value by which a telling field is known: as SourceTable::recognise reads it.
ScannedValue* telling_value(EventScan& scan, std::span<const std::uint32_t> slots, bool& is_there) {
  const auto there = [&](std::uint32_t slot) { return scan.is_there(slot); };
  const auto says = [&](std::uint32_t slot) { return scan.has_value(slot); };
  auto slot = std::find_if(slots.begin(), slots.end(), says);
  if (slot == slots.end()) slot = std::find_if(slots.begin(), slots.end(), there);
  is_there = slot != slots.end();
  ScannedValue* first = nullptr;
  if (is_there) {
    scan.each(*slot, [&](ScannedValue& value) {
      if (first == nullptr) first = &value;
    });
  }
  if (first != nullptr && first->kind == sigma::ValueKind::kNull) is_there = false;
  return first;
}

// For the memo. Those about fields of plans are larger (PlanRun).
std::uint64_t question_about_source(std::size_t field) {
  return field + 1;
}

void append_number(std::string& key, std::size_t number) {
  for (int byte = 0; byte < 4; ++byte) key += static_cast<char>((number >> (8 * byte)) & 0xff);
}

}  // namespace

struct RuleMatcher::Scratch::State {
  explicit State(const RuleMatcher& set) : scan(set.tree_) {}
  EventScan scan;
  PlanRun run;
  std::vector<std::uint32_t> told;  // telling fields that the event may have
  std::string key;
  ValueMemo memo;
  std::vector<std::uint32_t> meaning;  // of a value that is too long for the memo
  std::unordered_map<std::string, Plans> plans_by_key;
  std::vector<std::uint32_t> matched;
};

RuleMatcher::Scratch::Scratch(const RuleMatcher& set) : state_(std::make_unique<State>(set)) {}
RuleMatcher::Scratch::~Scratch() = default;

RuleMatcher::RuleMatcher(std::vector<sigma::Rule> rules, const SourceTable& sources)
    : rules_(std::move(rules)), sources_(sources) {
  group_rules();
  collect_paths();
  index_telling_fields();
}
RuleMatcher::~RuleMatcher() = default;

void RuleMatcher::group_rules() {
  std::map<std::string, std::size_t> places;
  std::set<std::string> fields;
  for (std::uint32_t i = 0; i < rules_.size(); ++i) {
    const auto& source = rules_[i].log_source;
    const auto key = source.product + '\n' + source.category + '\n' + source.service;
    const auto [place, is_new] = places.emplace(key, buckets_.size());
    if (is_new) buckets_.push_back({source, {}});
    buckets_[place->second].rules.push_back(i);
    for (const auto& selection : rules_[i].selections) {
      for (const auto& branch : selection.branches) {
        for (const auto& item : branch.items) collect_fields(item, fields);
      }
    }
  }
  fields_.assign(fields.begin(), fields.end());
}

std::vector<std::uint32_t> RuleMatcher::slots_of(const std::string& field, const Shape& shape,
                                                 const SourceNames& names) {
  std::vector<std::uint32_t> slots;
  for (const auto& path : paths_of(field, shape, names)) {
    const auto slot = tree_.add(path, names.ignore_blanks);
    if (std::find(slots.begin(), slots.end(), slot) == slots.end()) slots.push_back(slot);
  }
  return slots;
}

// Every path that some view could ask for, so that the tree needs no change when views appear.
void RuleMatcher::collect_paths() {
  for (const auto& shape : sources_.shapes()) {
    for (const auto& field : fields_) slots_of(field, *shape, kOwnNames);
    for (const auto& row : sources_.rows()) {
      if (row->names == kOwnNames) continue;
      for (const auto& field : fields_) {
        if (row->names.ignore_blanks || row->names.fields.contains(field))
          slots_of(field, *shape, row->names);
      }
    }
  }
  for (std::size_t i = 0; i + 1 < sources_.shapes().size(); ++i)
    signs_.push_back(tree_.add(sources_.sign_of(i), false));
}

void RuleMatcher::index_telling_fields() {
  for (const auto& name : sources_.telling_fields()) {
    auto& field = telling_.emplace_back();
    for (const auto& shape : sources_.shapes()) field.slots.push_back(slots_of(name, *shape, kOwnNames));
  }
  index_tells();
  for (const auto& row : sources_.rows()) {
    for (const auto& condition : row->when) {
      auto& field = telling_[condition.field];
      for (const auto& text : condition.texts) {
        if (is_prefix_pattern(text)) {
          field.prefixes.push_back(text.substr(0, text.size() - 1));
        } else {
          field.known.emplace(text, static_cast<std::uint16_t>(field.known.size() + 1));
        }
      }
    }
  }
  for (auto& field : telling_) {
    std::sort(field.prefixes.begin(), field.prefixes.end());
    field.prefixes.erase(std::unique(field.prefixes.begin(), field.prefixes.end()), field.prefixes.end());
  }
}

// From here on the tree has all its slots.
void RuleMatcher::index_tells() {
  tells_of_slot_.assign(tree_.slot_count(), 0);
  tells_.assign(1, {});
  for (std::uint32_t field = 0; field < telling_.size(); ++field) {
    for (std::uint32_t shape = 0; shape < telling_[field].slots.size(); ++shape) {
      for (const auto slot : telling_[field].slots[shape]) {
        auto& place = tells_of_slot_[slot];
        if (place == 0) {
          place = static_cast<std::uint32_t>(tells_.size());
          tells_.emplace_back();
        }
        tells_[place].push_back({shape, field});
      }
    }
  }
}

std::size_t RuleMatcher::shape_of(const EventScan& scan) const {
  const auto sign =
      std::find_if(signs_.begin(), signs_.end(), [&](std::uint32_t slot) { return scan.is_there(slot); });
  return static_cast<std::size_t>(sign - signs_.begin());
}

void RuleMatcher::find_told(Scratch::State& state, std::size_t shape) const {
  auto& told = state.told;
  told.clear();
  for (const auto slot : state.scan.seen_slots()) {
    for (const auto& tells : tells_[tells_of_slot_[slot]]) {
      if (tells.shape == shape) told.push_back(tells.field);
    }
  }
  std::sort(told.begin(), told.end());
  told.erase(std::unique(told.begin(), told.end()), told.end());
}

const std::vector<std::uint32_t>* RuleMatcher::meaning_of(Scratch::State& state, std::size_t field,
                                                          ScannedValue& value) const {
  const auto find = [&](std::vector<std::uint32_t>& meaning) {
    const auto text = state.scan.folded(value);
    if (!text) return false;
    const auto known = telling_[field].known.find(*text);
    std::uint32_t prefixes = 0;
    for (const auto& prefix : telling_[field].prefixes)
      prefixes = prefixes * 2 + (text->starts_with(prefix) ? 1 : 0);
    meaning = {known == telling_[field].known.end() ? 0U : known->second, prefixes};
    return true;
  };
  if (value.raw.size() > ValueMemo::kLongestText) return find(state.meaning) ? &state.meaning : nullptr;
  bool known = false;
  auto& entry = state.memo.entry_of(question_about_source(field), value.raw, known);
  if (known || find(entry.answer)) return &entry.answer;
  entry.forget();
  return nullptr;
}

bool RuleMatcher::view_key(Scratch::State& state, std::size_t shape, const LogSource& given) const {
  static const std::vector<std::uint32_t> kNothing{0, 0};
  auto& key = state.key;
  key.assign(1, static_cast<char>(shape));
  find_told(state, shape);
  for (const auto field : state.told) {
    bool is_there = false;
    auto* value = telling_value(state.scan, telling_[field].slots[shape], is_there);
    if (!is_there) continue;
    const auto* meaning = value == nullptr ? &kNothing : meaning_of(state, field, *value);
    if (meaning == nullptr) return false;
    append_number(key, field);
    for (const auto number : *meaning) append_number(key, number);
  }
  key += given.product + '\n' + given.category + '\n' + given.service;
  return true;
}

RuleMatcher::Plans RuleMatcher::plans_for(EventScan& scan, std::size_t shape, const LogSource& given) const {
  std::vector<TellingValue> values;
  for (const auto& field : telling_) {
    bool is_there = false;
    auto* value = telling_value(scan, field.slots[shape], is_there);
    values.emplace_back();
    if (is_there) values.back() = value == nullptr ? "" : std::string(scan.text(*value).value_or(""));
  }
  Plans plans;
  for (const auto& view : sources_.recognise(shape, values, given)) {
    if (auto plan = plan_for(view)) plans.push_back(std::move(plan));
  }
  return plans;
}

std::shared_ptr<const Plan> RuleMatcher::plan_for(const View& view) const {
  std::string key = view.shape->name + '\n';
  append_number(key, place_of(*view.names));
  std::vector<std::uint32_t> chosen;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    if (!may_see(buckets_[i].source, view.provenance)) continue;
    append_number(key, i);
    chosen.insert(chosen.end(), buckets_[i].rules.begin(), buckets_[i].rules.end());
  }
  if (chosen.empty()) return nullptr;
  const std::lock_guard lock(plans_guard_);
  if (const auto known = plans_.find(key); known != plans_.end()) return known->second;
  if (plans_.size() >= kMaxPlans) plans_.clear();
  const auto slots = [&](const std::string& field) { return known_slots_of(field, view); };
  auto plan = std::make_shared<const Plan>(make_plan(++plans_made_, rules_, chosen, slots));
  plans_.emplace(std::move(key), plan);
  return plan;
}

// The first row with these names; rows with the same need the same plan.
std::size_t RuleMatcher::place_of(const SourceNames& names) const {
  const auto& rows = sources_.rows();
  const auto same =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row->names == names; });
  return static_cast<std::size_t>(same - rows.begin());
}

std::vector<std::uint32_t> RuleMatcher::known_slots_of(const std::string& field, const View& view) const {
  std::vector<std::uint32_t> slots;
  for (const auto& path : view.paths_of(field)) {
    const auto slot = tree_.find_slot(path, view.names->ignore_blanks);
    if (slot && std::find(slots.begin(), slots.end(), *slot) == slots.end()) slots.push_back(*slot);
  }
  return slots;
}

Result<std::span<const std::uint32_t>> RuleMatcher::match(std::string_view json, const LogSource& given,
                                                          Scratch& scratch) const {
  auto& state = *scratch.state_;
  TOCSIN_CHECK(state.scan.scan(json));
  state.matched.clear();
  const auto shape = shape_of(state.scan);
  if (!view_key(state, shape, given)) return bad_text();
  auto known = state.plans_by_key.find(state.key);
  if (known == state.plans_by_key.end()) {
    auto plans = plans_for(state.scan, shape, given);
    if (state.plans_by_key.size() >= kMaxKeys) state.plans_by_key.clear();
    known = state.plans_by_key.emplace(state.key, std::move(plans)).first;
  }
  for (const auto& plan : known->second) {
    if (!state.run.run(*plan, state.scan, state.memo, state.matched)) return bad_text();
  }
  std::sort(state.matched.begin(), state.matched.end());
  state.matched.erase(std::unique(state.matched.begin(), state.matched.end()), state.matched.end());
  return std::span<const std::uint32_t>(state.matched);
}

}  // namespace tocsin::detect
