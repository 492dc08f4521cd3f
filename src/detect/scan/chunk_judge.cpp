#include "detect/scan/chunk_judge.h"

#include <algorithm>
#include <iterator>

#include "base/json_text.h"
#include "detect/source/event_data.h"
#include "detect/source/event_time.h"

namespace tocsin::detect {
namespace {

// The first value that is a text or a number, as JSON writes it.
std::string id_among(const std::optional<JsonValues>& values) {
  if (!values) return {};
  for (const auto& value : *values) {
    const auto text = to_text(value);
    if (!text || text->empty() || text->size() > ChunkJudge::kMaxIdBytes) continue;
    if (!value.is_string()) return *text;
    std::string quoted;
    append_json_string(quoted, *text);
    return quoted;
  }
  return {};
}

std::string event_id_of(JsonValue event, const std::vector<View>& views) {
  for (const auto& view : views) {
    if (auto id = id_among(values_of(event, "EventID", view)); !id.empty()) return id;
  }
  return id_among(values_at(event, "eventID"));
}

void add_fault(ChunkJudgement& out, std::uint64_t line, std::string_view reason) {
  ++out.unreadable;
  if (out.faults.size() < ChunkJudge::kMaxFaults) out.faults.push_back({line, std::string(reason)});
}

}  // namespace

ChunkJudgement ChunkJudge::judge(EventChunk& chunk) {
  chunk.read_evtx();
  ChunkJudgement out;
  for (const auto& event : chunk.events) {
    if (event.fault != nullptr) {
      add_fault(out, event.line, event.fault);
    } else {
      judge_event(std::string_view(chunk.text).substr(event.offset, event.size), event.line, out);
    }
  }
  return out;
}

void ChunkJudge::judge_event(std::string_view json, std::uint64_t line, ChunkJudgement& out) {
  named_.clear();
  if (append_named_data(json, named_)) {
    named_.reserve(named_.size() + simdjson::SIMDJSON_PADDING);
    json = named_;
  }
  const auto matched = rules_.match(json, questions_.given, scratch_);
  if (!matched) return add_fault(out, line, matched.error().message);
  ++out.events;
  take_told(*matched);
  if (!told_.empty()) tell(json, line, out);
}

void ChunkJudge::take_told(std::span<const std::uint32_t> matched) {
  const auto& left_out = questions_.left_out;
  told_.clear();
  std::copy_if(matched.begin(), matched.end(), std::back_inserter(told_),
               [&](std::uint32_t rule) { return rule >= left_out.size() || !left_out[rule]; });
}

void ChunkJudge::tell(std::string_view json, std::uint64_t line, ChunkJudgement& out) {
  std::string id;
  simdjson::dom::element event;
  // Repeated names and deep nesting included, what this parser refuses has no id, and no part in
  // correlations.
  if (parser_.parse(json.data(), json.size(), false).get(event) == simdjson::SUCCESS) {
    const auto views = sources_.recognise(event, questions_.given);
    id = event_id_of(event, views);
    if (questions_.correlations != nullptr) keep_correlated(event, views, line, out);
  }
  for (const auto rule : told_) out.matches.push_back({line, rule, id});
}

void ChunkJudge::keep_correlated(JsonValue event, const std::vector<View>& views, std::uint64_t line,
                                 ChunkJudgement& out) const {
  const auto& needs = *questions_.correlations;
  std::vector<std::uint32_t> rules;
  std::copy_if(told_.begin(), told_.end(), std::back_inserter(rules),
               [&](std::uint32_t rule) { return needs.uses(rule); });
  if (rules.empty()) return;
  const auto at = event_time(event);
  if (!at) {
    ++out.timeless;
    return;
  }
  out.correlated.emplace_back(line, *at, std::move(rules), needs, SeenEvent(event, views));
}

}  // namespace tocsin::detect
