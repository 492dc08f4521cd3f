#include "detect/scan/chunk_judge.h"

#include "base/json_text.h"
#include "detect/source/event_data.h"
#include "detect/source/event_values.h"

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

void add_fault(Judgement& out, std::uint64_t line, std::string_view reason) {
  ++out.unreadable;
  if (out.faults.size() < ChunkJudge::kMaxFaults) out.faults.push_back({line, std::string(reason)});
}

}  // namespace

Judgement ChunkJudge::judge(EventChunk& chunk) {
  chunk.read_evtx();
  Judgement out;
  for (const auto& event : chunk.events) {
    if (event.fault != nullptr) {
      add_fault(out, event.line, event.fault);
    } else {
      judge_event(std::string_view(chunk.text).substr(event.offset, event.size), event.line, out);
    }
  }
  return out;
}

void ChunkJudge::judge_event(std::string_view json, std::uint64_t line, Judgement& out) {
  named_.clear();
  if (append_named_data(json, named_)) {
    named_.reserve(named_.size() + simdjson::SIMDJSON_PADDING);
    json = named_;
  }
  const auto matched = rules_.match(json, given_, scratch_);
  if (!matched) return add_fault(out, line, matched.error().message);
  ++out.events;
  if (matched->empty()) return;
  const auto id = event_id_of(json);
  for (const auto rule : *matched) out.matches.push_back({line, rule, id});
}

std::string ChunkJudge::event_id_of(std::string_view json) {
  simdjson::dom::element event;
  // Repeated names and deep nesting included, what this parser refuses has no id.
  if (parser_.parse(json.data(), json.size(), false).get(event) != simdjson::SUCCESS) return {};
  for (const auto& view : sources_.recognise(event, given_)) {
    if (auto id = id_among(values_of(event, "EventID", view)); !id.empty()) return id;
  }
  return id_among(values_at(event, "eventID"));
}

}  // namespace tocsin::detect
