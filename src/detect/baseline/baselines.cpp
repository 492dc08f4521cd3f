#include "detect/baseline/baselines.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/hash.h"
#include "detect/sigma/interpreter.h"
#include "detect/sigma/number.h"

namespace tocsin::detect {
namespace {

constexpr double kMostAmount = 1e15;
constexpr std::string_view kFormat = "learned ";

const sigma::Value* first_value(const sigma::Event& event, std::string_view field) {
  const auto* values = event.find(field);
  if (values == nullptr) return nullptr;
  for (const auto& value : *values) {
    if (value.kind != sigma::ValueKind::kNull && !value.text.empty()) return &value;
  }
  return nullptr;
}

std::string_view file_name(std::string_view path) {
  return path.substr(path.find_last_of("/\\") + 1);  // npos + 1 is 0
}

// Absent when the event lacks one of the fields.
std::optional<std::uint64_t> key_of(const std::vector<BaselineText>& parts, const sigma::Event& event,
                                    std::uint64_t secret) {
  if (parts.empty()) return std::nullopt;
  std::string joined;
  for (const auto& part : parts) {
    const auto* value = first_value(event, part.field);
    if (value == nullptr) return std::nullopt;
    const auto text = part.file_name ? file_name(value->folded) : std::string_view(value->folded);
    joined += std::to_string(text.size()) + ':';
    joined += text;
  }
  return hash64(joined, secret);
}

std::optional<double> number_of(const std::optional<std::string>& field, const sigma::Event& event) {
  if (!field) return std::nullopt;
  const auto* value = first_value(event, *field);
  const auto number = value == nullptr ? std::nullopt : sigma::parse_number(value->text);
  if (!number) return std::nullopt;
  const auto real = std::visit([](auto any) { return static_cast<double>(any); }, *number);
  return std::isfinite(real) ? std::optional(real) : std::nullopt;
}

std::optional<Coordinates> place_of_event(const BaselineSource& source, const sigma::Event& event) {
  const auto latitude = number_of(source.latitude, event);
  const auto longitude = number_of(source.longitude, event);
  if (!latitude || !longitude || std::abs(*latitude) > 90 || std::abs(*longitude) > 180) return std::nullopt;
  return Coordinates{*latitude, *longitude};
}

// Absent when it is nobody's, or lacks what would be compared.
std::optional<Sighting> sighting_of(const BaselineSource& source, const sigma::Event& event,
                                    std::uint64_t secret) {
  Sighting sighting;
  const auto entity = key_of(source.entity, event, secret);
  if (!entity) return std::nullopt;
  sighting.entity = *entity;
  sighting.value = key_of(source.value, event, secret);
  if (!source.value.empty() && !sighting.value) return std::nullopt;
  if (source.amount)
    sighting.amount = std::clamp(number_of(source.amount, event).value_or(0), 0.0, kMostAmount);
  sighting.place = place_of_event(source, event);
  if (source.latitude && !sighting.place) return std::nullopt;
  return sighting;
}

// The view in which the probe matches.
const ViewedEvent* view_of(const sigma::Rule& probe, const std::vector<View>& views,
                           const std::vector<ViewedEvent>& viewed) {
  for (std::size_t i = 0; i < views.size(); ++i) {
    if (may_see(probe.log_source, views[i].provenance) && sigma::matches(probe, viewed[i])) return &viewed[i];
  }
  return nullptr;
}

}  // namespace

BaselinePlan::BaselinePlan(const BaselineSet& baselines, std::span<const sigma::Rule> rules) {
  std::map<std::string_view, std::vector<std::uint32_t>> readers;
  for (std::uint32_t place = 0; place < rules.size(); ++place) {
    for (const auto& reference : baseline_references(rules[place])) {
      auto& places = readers[reference.baseline];
      if (places.empty() || places.back() != place) places.push_back(place);
    }
  }
  for (const auto& definition : baselines.all()) {
    const auto found = readers.find(definition.name);
    if (found == readers.end()) continue;
    const auto watch = static_cast<std::uint32_t>(watches_.size());
    watches_.push_back({definition, std::move(found->second)});
    for (std::uint32_t source = 0; source < definition.sources.size(); ++source)
      probes_.push_back({watch, source});
  }
}

std::vector<sigma::Rule> BaselinePlan::probe_rules() const {
  std::vector<sigma::Rule> rules;
  rules.reserve(probes_.size());
  for (const auto& probe : probes_) rules.push_back(source_of(probe).probe);
  return rules;
}

Baselines::Baselines(const BaselinePlan& plan, const BaselineOptions& options)
    : plan_(plan), options_(options) {
  for (const auto& watch : plan_.watches())
    learned_.push_back({BaselineMemory(watch.definition.terms, options_.bounds), options_.secret});
}

void Baselines::observe(const model::Event& event, std::span<const std::uint32_t> probes,
                        const std::vector<View>& views, const std::vector<ViewedEvent>& viewed,
                        std::vector<BaselineReading>& out) {
  const auto* counted = static_cast<const BaselinePlan::Watch*>(nullptr);  // probes of one stand together
  for (const auto place : probes) {
    const auto& probe = plan_.probes()[place];
    const auto& watch = plan_.watches()[probe.watch];
    auto& learned = learned_[probe.watch];
    if (&watch == counted || event.seq <= learned.until) continue;
    const auto& source = plan_.source_of(probe);
    const auto* view = view_of(source.probe, views, viewed);
    auto sighting = view == nullptr ? std::nullopt : sighting_of(source, *view, learned.secret);
    if (!sighting) continue;
    counted = &watch;
    sighting->at = std::min(event.occurred_at, event.received_at);
    out.push_back({&watch, learned.memory.observe(*sighting)});
    learned.is_changed = true;
  }
}

void Baselines::advance(model::Seq seq) {
  for (auto& learned : learned_) learned.until = std::max(learned.until, seq);
}

std::optional<model::Seq> Baselines::learned_until() const {
  std::optional<model::Seq> first;
  for (const auto& learned : learned_) first = std::min(first.value_or(learned.until), learned.until);
  return first;
}

void Baselines::start_after(model::Seq seq) {
  for (auto& learned : learned_) {
    if (learned.until < 0) learned.until = seq;
  }
}

std::size_t Baselines::place_of(std::string_view name) const {
  const auto& watches = plan_.watches();
  const auto found = std::find_if(watches.begin(), watches.end(),
                                  [&](const auto& watch) { return watch.definition.name == name; });
  return static_cast<std::size_t>(found - watches.begin());
}

void Baselines::adopt(Baselines&& before) {
  for (std::size_t i = 0; i < learned_.size(); ++i) {
    const auto& definition = plan_.watches()[i].definition;
    const auto other = before.place_of(definition.name);
    if (other == before.learned_.size()) continue;
    const auto& was = before.plan_.watches()[other].definition;
    if (was.fingerprint == definition.fingerprint && was.terms == definition.terms)
      learned_[i] = std::move(before.learned_[other]);
  }
}

// "learned FINGERPRINT SECRET UNTIL", then the memory's lines.
std::map<std::string, std::string> Baselines::changed() const {
  std::map<std::string, std::string> texts;
  for (std::size_t i = 0; i < learned_.size(); ++i) {
    const auto& learned = learned_[i];
    if (!learned.is_changed) continue;
    const auto& definition = plan_.watches()[i].definition;
    auto& text = texts[definition.name];
    text += kFormat;
    text += to_hex(definition.fingerprint) + ' ' + to_hex(learned.secret) + ' ' +
            std::to_string(learned.until) + '\n';
    learned.memory.save(text);
  }
  return texts;
}

void Baselines::mark_saved() {
  for (auto& learned : learned_) learned.is_changed = false;
}

std::vector<std::string> Baselines::names() const {
  std::vector<std::string> names;
  for (const auto& watch : plan_.watches()) names.push_back(watch.definition.name);
  return names;
}

bool Baselines::has_past(std::string_view name) const {
  const auto place = place_of(name);
  return place < learned_.size() && learned_[place].until >= 0;
}

Result<void> Baselines::restore(std::string_view name, std::string_view text, model::Seq until) {
  const auto place = place_of(name);
  if (place == learned_.size())
    return error(ErrorKind::kNotFound, "read baseline", "no rule reads " + std::string(name));
  const auto wrong = error(ErrorKind::kInvalidSyntax, "read baseline", "the text is not what was saved",
                           "It is learned again from the events that are kept.");
  const auto& definition = plan_.watches()[place].definition;
  const auto line_end = text.find('\n');
  if (!text.starts_with(kFormat) || line_end == std::string_view::npos) return wrong;
  const auto* at = text.data() + kFormat.size();
  const auto* end = text.data() + line_end;
  std::uint64_t fingerprint = 0, secret = 0;
  model::Seq saved_at = -1;
  const auto next = [&](auto& out, auto... base) {
    if (at != end && *at == ' ') ++at;
    const auto read = std::from_chars(at, end, out, base...);
    at = read.ptr;
    return read.ec == std::errc();
  };
  if (!next(fingerprint, 16) || !next(secret, 16) || !next(saved_at) || at != end || saved_at < 0)
    return wrong;
  if (fingerprint != definition.fingerprint)
    return error(ErrorKind::kNotFound, "read baseline", std::string(name) + " is defined otherwise now");
  TOCSIN_TRY(memory, BaselineMemory::restore(text.substr(line_end + 1), definition.terms, options_.bounds));
  learned_[place] = {std::move(memory), secret, std::max(saved_at, until), false};
  return {};
}

BaselineStats Baselines::stats(std::string_view name) const {
  const auto place = place_of(name);
  return place == learned_.size() ? BaselineStats{} : learned_[place].memory.stats();
}

const std::vector<sigma::Value>* BaselinedEvent::find(std::string_view field) const {
  const auto reference = baseline_reference(field);
  if (!reference) return event_.find(field);
  if (const auto told = told_.find(field); told != told_.end()) return &told->second;
  const auto name = baseline_field_of(reference->field);
  const auto reading = std::find_if(readings_.begin(), readings_.end(), [&](const auto& one) {
    return one.watch->definition.name == reference->baseline;
  });
  if (!name || reading == readings_.end()) return nullptr;
  const auto value = reading->reading.of(*name);
  if (!value) return nullptr;
  const auto kind = is_truth(*name) ? sigma::ValueKind::kBoolean : sigma::ValueKind::kNumber;
  std::vector<sigma::Value> values{sigma::make_value(kind, to_text(*name, *value))};
  return &told_.emplace(std::string(field), std::move(values)).first->second;
}

}  // namespace tocsin::detect
