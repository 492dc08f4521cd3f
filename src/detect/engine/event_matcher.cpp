#include "detect/engine/event_matcher.h"

#include <simdjson.h>

#include <utility>

#include "base/json_writer.h"
#include "detect/source/event_data.h"

namespace tocsin::detect {
namespace {

// A part takes a fraction of a millisecond: much more than it takes to hand it over, and little enough that
// nobody waits long for the last one.
constexpr std::size_t kPartEvents = 32;
constexpr std::size_t kPartBytes = 256U << 10;
constexpr std::size_t kKeptTools = 16;

struct Part {
  std::size_t first = 0;
  std::size_t count = 0;
  EventMatches matches{};
};

std::vector<Part> parts_of(std::span<const model::Event> events) {
  std::vector<Part> parts;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (parts.empty() || parts.back().count == kPartEvents || bytes >= kPartBytes) {
      parts.push_back({.first = i});
      bytes = 0;
    }
    ++parts.back().count;
    bytes += events[i].raw.size();
  }
  return parts;
}

void match_part(std::span<const model::Event> events, const RuleMatcher& matcher, MatchTools& tools,
                Part& part) {
  for (std::size_t i = part.first; i < part.first + part.count; ++i) {
    tools.json.clear();
    append_rule_json(events[i], tools.json);
    const auto size = tools.json.size();
    tools.json.append(simdjson::SIMDJSON_PADDING, ' ');
    const auto matched = matcher.match({tools.json.data(), size}, {}, tools.scratch);
    if (!matched) ++part.matches.unreadable;
    if (matched && !matched->empty())
      part.matches.matched.push_back({i, std::vector<std::uint32_t>(matched->begin(), matched->end())});
  }
}

}  // namespace

std::unique_ptr<MatchTools> MatchToolShelf::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!tools_.empty()) {
      auto tools = std::move(tools_.back());
      tools_.pop_back();
      return tools;
    }
  }
  return std::make_unique<MatchTools>(matcher_);
}

void MatchToolShelf::put_back(std::unique_ptr<MatchTools> tools) {
  const std::lock_guard lock(mutex_);
  if (tools_.size() < kKeptTools) tools_.push_back(std::move(tools));
}

EventMatches match_events(std::span<const model::Event> events, const RuleMatcher& matcher,
                          MatchToolShelf& shelf, WorkPool* helpers) {
  auto parts = parts_of(events);
  const auto run = [&](std::size_t place) {
    auto tools = shelf.take();
    match_part(events, matcher, *tools, parts[place]);
    shelf.put_back(std::move(tools));
  };
  if (helpers != nullptr) {
    helpers->run(parts.size(), run);
  } else {
    for (std::size_t place = 0; place < parts.size(); ++place) run(place);
  }
  EventMatches all;
  for (auto& part : parts) {
    all.unreadable += part.matches.unreadable;
    for (auto& one : part.matches.matched) all.matched.push_back(std::move(one));
  }
  return all;
}

void append_rule_json(const model::Event& event, std::string& out) {
  if (event.raw.starts_with('{')) {
    if (!append_named_data(event.raw, out)) out += event.raw;
    return;
  }
  JsonWriter json(out);
  json.object([&] {
    json.member("source", event.source);
    json.member("event_type", event.event_type);
    if (event.user) json.member("user", *event.user);
    if (event.ip) json.member("ip", *event.ip);
    if (event.resource) json.member("resource", *event.resource);
    json.member("message", event.message);
  });
}

}  // namespace tocsin::detect
