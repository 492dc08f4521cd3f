#include "detect/match/plan_run.h"

#include <algorithm>

#include "detect/sigma/interpreter.h"
#include "detect/sigma/number.h"

namespace tocsin::detect {

using sigma::ValueKind;

// Values are copied for the interpreter when it asks: that is after some rule woke, and for few fields.
class PlanRun::AskedEvent : public sigma::Event {
 public:
  explicit AskedEvent(PlanRun& run) : run_(run) {}

  const std::vector<sigma::Value>* find(std::string_view name) const override {
    const auto place = run_.plan_->field_by_name.find("f" + std::string(name));
    if (place == run_.plan_->field_by_name.end()) return nullptr;
    const auto& field = run_.plan_->fields[place->second];
    const auto is_there = [&](std::uint32_t slot) { return run_.scan_->is_there(slot); };
    if (std::none_of(field.slots.begin(), field.slots.end(), is_there)) return nullptr;
    auto& values = found_.emplace_back();
    run_.each_value(field, [&](ScannedValue& value) { values.push_back(copied(value)); });
    return &values;
  }
  bool any_value(const std::function<bool(const sigma::Value&)>& visit) const override {
    auto& all = run_.scan_->all_values();
    return std::any_of(all.begin(), all.end(), [&](ScannedValue& value) { return visit(copied(value)); });
  }

 private:
  sigma::Value copied(ScannedValue& value) const {
    const auto text = run_.scan_->text(value);
    if (!text) run_.is_text_ = false;
    return sigma::make_value(value.kind, std::string(text.value_or("")));
  }
  PlanRun& run_;
  mutable std::deque<std::vector<sigma::Value>> found_;
};

template <class F>
void PlanRun::each_value(const PlanField& field, const F& f) {
  if (field.name.empty() && field.slots.empty()) {
    for (auto& value : scan_->all_values()) f(value);
    return;
  }
  const auto has_value = [this](std::uint32_t slot) { return scan_->has_value(slot); };
  const auto is_there = [this](std::uint32_t slot) { return scan_->is_there(slot); };
  auto slot = std::find_if(field.slots.begin(), field.slots.end(), has_value);
  if (slot == field.slots.end()) slot = std::find_if(field.slots.begin(), field.slots.end(), is_there);
  if (slot != field.slots.end()) scan_->each(*slot, f);
}

bool PlanRun::run(const Plan& plan, EventScan& scan, std::vector<std::uint32_t>& matched) {
  begin(plan, scan);
  for (std::uint32_t i = 0; i < plan.fields.size(); ++i) {
    const auto& field = plan.fields[i];
    if (!field.wakes_rules) continue;
    if (field.raw_filter_suffices && !plan.raw_filter.may_contain(scan.json())) continue;
    scan_field(i);
  }
  for (const auto rule : plan.always) wake(rule);
  // Asking a rule may wake others, whose necessary field was not scanned until then.
  for (std::size_t i = 0; i < awake_.size(); ++i) {
    const auto& rule = plan.rules[awake_[i]];
    const auto passes = [&](std::size_t selection) { return holds(rule.selections[selection]); };
    if (sigma::holds(*rule.condition, passes)) matched.push_back(rule.rule);
  }
  return is_text_;
}

void PlanRun::begin(const Plan& plan, EventScan& scan) {
  for (const auto id : answered_) answers_[id] = Answer::kUnknown;
  for (const auto rule : awake_) is_awake_[rule] = 0;
  answered_.clear();
  awake_.clear();
  plan_ = &plan;
  scan_ = &scan;
  is_text_ = true;
  is_scanned_.assign(plan.fields.size(), 0);
  if (answers_.size() < plan.predicates.size()) {
    answers_.resize(plan.predicates.size(), Answer::kUnknown);
    checked_in_.resize(plan.predicates.size(), 0);
  }
  if (is_awake_.size() < plan.rules.size()) is_awake_.resize(plan.rules.size(), 0);
}

void PlanRun::scan_field(std::uint32_t place) {
  if (is_scanned_[place] != 0) return;
  is_scanned_[place] = 1;
  const auto& field = plan_->fields[place];
  each_value(field, [&](ScannedValue& value) {
    if (value.kind != ValueKind::kNull) scan_value(field, value);
  });
}

void PlanRun::scan_value(const PlanField& field, ScannedValue& value) {
  ++values_seen_;
  if (!field.numbers.empty() && value.kind != ValueKind::kBoolean) {
    const auto text = scan_->text(value);
    const auto number = text ? sigma::parse_number(*text) : std::nullopt;
    if (number) fire_number(field, *number);
  }
  if (field.equals.empty() && field.literals.empty()) return;
  const auto folded = scan_->folded(value);
  if (!folded) {
    is_text_ = false;
    return;
  }
  if (folded->size() <= field.longest_equal) {
    if (const auto equal = field.equals.find(*folded); equal != field.equals.end()) {
      for (const auto& use : equal->second) fire(use, *folded, folded->size(), folded->size(), value);
    }
  }
  field.literals.scan(*folded, [&](std::size_t literal, std::size_t end) {
    for (const auto& use : field.literal_uses[literal])
      fire(use, *folded, field.literal_sizes[literal], end, value);
  });
}

void PlanRun::fire_number(const PlanField& field, const sigma::Number& number) {
  if (const auto* whole = std::get_if<std::int64_t>(&number)) {
    if (const auto equal = field.numbers.find(*whole); equal != field.numbers.end()) {
      for (const auto id : equal->second) fire(id);
    }
    return;
  }
  for (const auto& [bound, ids] : field.numbers) {
    if (sigma::compare(number, bound) != 0) continue;
    for (const auto id : ids) fire(id);
  }
}

void PlanRun::fire(const PlanField::Use& use, std::string_view folded, std::size_t size, std::size_t end,
                   const ScannedValue& value) {
  if (answers_[use.predicate] == Answer::kYes) return;
  switch (use.how) {
    case LiteralUse::kContains:
      return fire(use.predicate);
    case LiteralUse::kStartsWith:
      if (end == size) fire(use.predicate);
      return;
    case LiteralUse::kEndsWith:
      if (end == folded.size()) fire(use.predicate);
      return;
    case LiteralUse::kCheck:
      if (checked_in_[use.predicate] == values_seen_) return;
      checked_in_[use.predicate] = values_seen_;
      if (sigma::matches(*use.check, use.check->cased ? value.text : folded)) fire(use.predicate);
      return;
  }
}

void PlanRun::fire(PredicateId id) {
  if (answers_[id] == Answer::kYes) return;
  answers_[id] = Answer::kYes;
  answered_.push_back(id);
  for (const auto rule : plan_->predicates[id].wakes) wake(rule);
}

void PlanRun::wake(std::uint32_t rule) {
  if (is_awake_[rule] != 0) return;
  is_awake_[rule] = 1;
  awake_.push_back(rule);
}

bool PlanRun::holds(PredicateId id) {
  const auto& predicate = plan_->predicates[id];
  if (predicate.is_indexed) {
    scan_field(predicate.field);
    return answers_[id] == Answer::kYes;
  }
  if (answers_[id] == Answer::kUnknown) {
    answered_.push_back(id);
    const auto* regex = std::get_if<sigma::Regex>(predicate.matcher);
    const bool yes = regex != nullptr ? fits(*regex, plan_->fields[predicate.field])
                                      : sigma::matches(predicate.item, AskedEvent(*this));
    answers_[id] = yes ? Answer::kYes : Answer::kNo;
  }
  return answers_[id] == Answer::kYes;
}

// As the interpreter does, on the values where they are.
bool PlanRun::fits(const sigma::Regex& regex, const PlanField& field) {
  bool fits = false;
  each_value(field, [&](ScannedValue& value) {
    if (fits || value.kind == ValueKind::kNull) return;
    const auto text = scan_->text(value);
    if (!text) is_text_ = false;
    fits = text && sigma::matches(regex, *text);
  });
  return fits;
}

bool PlanRun::holds(const PlanItem& item) {
  const auto is_met = [this](const std::vector<PredicateId>& alternatives) {
    return std::any_of(alternatives.begin(), alternatives.end(),
                       [this](PredicateId id) { return holds(id); });
  };
  const bool met = item.all_values ? std::all_of(item.values.begin(), item.values.end(), is_met)
                                   : std::any_of(item.values.begin(), item.values.end(), is_met);
  return met != item.negated;
}

bool PlanRun::holds(const PlanSelection& selection) {
  return std::any_of(selection.begin(), selection.end(), [this](const PlanBranch& branch) {
    return std::all_of(branch.begin(), branch.end(), [this](const PlanItem& item) { return holds(item); });
  });
}

}  // namespace tocsin::detect
