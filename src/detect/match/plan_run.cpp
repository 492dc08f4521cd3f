#include "detect/match/plan_run.h"

#include <algorithm>

#include "detect/sigma/interpreter.h"
#include "detect/sigma/number.h"

namespace tocsin::detect {

using sigma::ValueKind;

namespace {

constexpr std::uint32_t kAboutPredicate = 1U << 29;  // else about a field

}  // namespace

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
  const std::uint32_t* chosen = nullptr;
  for (const auto& slot : field.slots) {
    if (!scan_->is_there(slot)) continue;
    const bool has_value = scan_->has_value(slot);
    if (has_value || chosen == nullptr) chosen = &slot;
    if (has_value) break;
  }
  if (chosen != nullptr) scan_->each(*chosen, f);
}

bool PlanRun::run(const Plan& plan, EventScan& scan, ValueMemo& memo, std::vector<std::uint32_t>& matched) {
  begin(plan, scan, memo);
  for (const auto i : plan.waking_fields) {
    const auto& field = plan.fields[i];
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

void PlanRun::begin(const Plan& plan, EventScan& scan, ValueMemo& memo) {
  for (const auto id : answered_) answers_[id] = Answer::kUnknown;
  for (const auto rule : awake_) is_awake_[rule] = 0;
  answered_.clear();
  awake_.clear();
  plan_ = &plan;
  scan_ = &scan;
  memo_ = &memo;
  is_text_ = true;
  is_scanned_.assign(plan.fields.size(), 0);
  if (answers_.size() < plan.predicates.size()) {
    answers_.resize(plan.predicates.size(), Answer::kUnknown);
    settled_in_.resize(plan.predicates.size(), 0);
  }
  if (is_awake_.size() < plan.rules.size()) is_awake_.resize(plan.rules.size(), 0);
}

void PlanRun::scan_field(std::uint32_t place) {
  if (is_scanned_[place] != 0) return;
  is_scanned_[place] = 1;
  const auto& field = plan_->fields[place];
  if (!field.asks_numbers() && !field.asks_texts()) return;
  each_value(field, [&](ScannedValue& value) {
    if (value.kind != ValueKind::kNull) scan_value(place, value);
  });
}

void PlanRun::scan_value(std::uint32_t place, ScannedValue& value) {
  const auto& field = plan_->fields[place];
  if (value.raw.size() > ValueMemo::kLongestText) {
    met_.clear();
    is_text_ &= find_met(field, value, met_);
    for (const auto id : met_) fire(id);
    return;
  }
  bool known = false;
  auto& entry = memo_->entry_of(question(place, value.kind), value.raw, known);
  const bool is_text = known || find_met(field, value, entry.answer);
  for (const auto id : entry.answer) fire(id);
  is_text_ &= is_text;
  if (!is_text || entry.answer.size() > ValueMemo::kLongestAnswer) entry.forget();
}

// Plans have serials from 1, so it is no question about sources.
std::uint64_t PlanRun::question(std::uint32_t what, ValueKind kind) const {
  return std::uint64_t{plan_->serial} << 32 | what << 2 | static_cast<std::uint64_t>(kind);
}

bool PlanRun::find_met(const PlanField& field, ScannedValue& value, std::vector<PredicateId>& met) {
  ++values_seen_;
  if (field.asks_numbers() && value.kind != ValueKind::kBoolean) {
    const auto text = scan_->text(value);
    const auto number = text ? sigma::parse_number(*text) : std::nullopt;
    if (number) find_met_number(field, *number, met);
  }
  if (!field.asks_texts()) return true;
  const auto folded = scan_->folded(value);
  if (!folded) return false;
  const auto ask = [&](const std::vector<PlanField::Use>& uses, std::size_t size, std::size_t end) {
    for (const auto& use : uses) {
      if (meets(use, *folded, size, end, value)) met.push_back(use.predicate);
    }
  };
  if (folded->size() <= field.longest_equal) {
    if (const auto equal = field.equals.find(*folded); equal != field.equals.end())
      ask(equal->second, folded->size(), folded->size());
  }
  field.literals.scan(*folded, [&](std::size_t literal, std::size_t end) {
    ask(field.literal_uses[literal], field.literal_sizes[literal], end);
  });
  return true;
}

void PlanRun::find_met_number(const PlanField& field, const sigma::Number& number,
                              std::vector<PredicateId>& met) {
  if (const auto* whole = std::get_if<std::int64_t>(&number)) {
    if (const auto equal = field.numbers.find(*whole); equal != field.numbers.end())
      met.insert(met.end(), equal->second.begin(), equal->second.end());
    return;
  }
  for (const auto& [bound, ids] : field.numbers) {
    if (sigma::compare(number, bound) == 0) met.insert(met.end(), ids.begin(), ids.end());
  }
}

// Whether the predicate is met by the literal that ends there, and was not met by this value before.
bool PlanRun::meets(const PlanField::Use& use, std::string_view folded, std::size_t size, std::size_t end,
                    const ScannedValue& value) {
  auto& settled_in = settled_in_[use.predicate];
  if (settled_in == values_seen_) return false;
  if (use.how == LiteralUse::kStartsWith && end != size) return false;
  if (use.how == LiteralUse::kEndsWith && end != folded.size()) return false;
  settled_in = values_seen_;
  if (use.regex != nullptr) return sigma::matches(*use.regex, value.text);
  return use.how != LiteralUse::kCheck || sigma::matches(*use.check, use.check->cased ? value.text : folded);
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
    answers_[id] = answer_of(id) ? Answer::kYes : Answer::kNo;
  }
  return answers_[id] == Answer::kYes;
}

// As the interpreter answers; what is asked often, on the values where they are.
bool PlanRun::answer_of(PredicateId id) {
  const auto& predicate = plan_->predicates[id];
  const auto& field = plan_->fields[predicate.field];
  if (predicate.is_of_all_values) return sigma::matches(predicate.item, AskedEvent(*this));
  if (const auto* exists = std::get_if<sigma::Exists>(predicate.matcher))
    return is_there(field) == exists->wanted;
  if (std::holds_alternative<sigma::IsNull>(*predicate.matcher)) return is_absent_or_null(field);
  const auto* regex = std::get_if<sigma::Regex>(predicate.matcher);
  const auto* text = std::get_if<sigma::Text>(predicate.matcher);
  if (regex == nullptr && text == nullptr) return sigma::matches(predicate.item, AskedEvent(*this));
  bool yes = false;
  each_value(field, [&](ScannedValue& value) {
    if (yes || value.kind == ValueKind::kNull) return;
    yes = regex != nullptr ? fits(id, *regex, value) : fits(*text, value);
  });
  return yes;
}

bool PlanRun::is_there(const PlanField& field) const {
  return std::any_of(field.slots.begin(), field.slots.end(),
                     [this](std::uint32_t slot) { return scan_->is_there(slot); });
}

bool PlanRun::is_absent_or_null(const PlanField& field) {
  bool yes = !is_there(field);
  each_value(field, [&](const ScannedValue& value) { yes = yes || value.kind == ValueKind::kNull; });
  return yes;
}

// A text without a literal to look for.
bool PlanRun::fits(const sigma::Text& wanted, ScannedValue& value) {
  const bool is_any = sigma::shape_of(wanted) == sigma::TextShape::kAnything;
  const auto text = is_any || wanted.cased ? scan_->text(value) : scan_->folded(value);
  if (!text) is_text_ = false;
  return text && (is_any || sigma::matches(wanted, *text));
}

bool PlanRun::fits(PredicateId id, const sigma::Regex& regex, ScannedValue& value) {
  const auto ask = [&] {
    const auto text = scan_->text(value);
    if (!text) is_text_ = false;
    return text && sigma::matches(regex, *text);
  };
  if (value.raw.size() > ValueMemo::kLongestText) return ask();
  bool known = false;
  auto& entry = memo_->entry_of(question(kAboutPredicate | id, value.kind), value.raw, known);
  if (known) return !entry.answer.empty();
  const bool yes = ask();
  if (yes) entry.answer.push_back(id);
  if (!is_text_) entry.forget();
  return yes;
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
