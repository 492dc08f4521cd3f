// Raw events: stored, judged by the rules, answered with the alerts that came of them.

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

#include "api/body.h"
#include "api/event_intake.h"
#include "api/json_writer.h"
#include "api/query_text.h"
#include "base/ascii.h"

namespace tocsin::api {
namespace {

using http::Method;
using http::Request;
using http::Response;

std::string reply_json(const EventBatch& batch, const std::vector<std::string>& alerts) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("accepted", batch.indexes.size());
    json.member("alerts", alerts);
    json.member("rejected", [&] {
      json.array([&] {
        for (const auto& rejected : batch.rejected) {
          json.object([&] {
            json.member("index", rejected.index);
            json.member("reason", rejected.reason);
            json.member("pointer", rejected.pointer);
            json.member("dead_letter", rejected.dead_letter);
          });
        }
      });
    });
  });
  return out;
}

Result<Response> take_events(Context& context, const Request& request) {
  const auto type = request.content_type();
  if (type != "application/x-ndjson") TOCSIN_CHECK(check_json_type(request));
  TOCSIN_TRY(desk, context.events());
  auto items = event_items(request.body, type);
  if (!items) return keep_unreadable(context, request, std::move(items).error());
  auto batch = read_events(*items, "", EventForm::kAnyRecord, context.services.clock.now());
  TOCSIN_CHECK(desk->admit(batch.events.size()));
  TOCSIN_CHECK(keep_rejected(context, *items, batch));
  TOCSIN_TRY(seqs, desk->store(std::move(batch.events)));
  // They are stored: who is told otherwise sends them again. What cannot be judged now is judged soon.
  const auto alerts = desk->alerts_of(seqs);
  return http::json_response(200, reply_json(batch, alerts ? *alerts : std::vector<std::string>()));
}

constexpr std::size_t kPage = 1'000;
constexpr std::size_t kLookedAt = 50'000;  // events for one page; a rare word takes several
constexpr std::size_t kChunk = 2'000;
constexpr std::size_t kPageBytes = 8U << 20;  // of records; a page ends early beyond it

// Case of ASCII letters does not matter.
bool contains(std::string_view text, std::string_view word) {
  return std::search(text.begin(), text.end(), word.begin(), word.end(),
                     [](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

struct EventFilter {
  std::vector<std::string> words;  // all of them, anywhere in the record
  std::string source;
  std::optional<Timestamp> from, until;

  bool passes(const model::Event& event) const {
    if (!source.empty() && event.source != source) return false;
    if ((from && event.occurred_at < *from) || (until && event.occurred_at >= *until)) return false;
    return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      return contains(event.raw, word) || contains(event.message, word);
    });
  }
};

Result<std::optional<Timestamp>> time_parameter(const Request& request, std::string_view name) {
  const auto text = request.query_param(name);
  if (!text) return std::optional<Timestamp>();
  const auto time = parse_time(*text);
  if (time) return time;
  return error(ErrorKind::kInvalidInput, "list events", std::string(name) + " is not a time",
               "Write it as 2030-01-31T12:00:00Z.", std::string(name));
}

Result<EventFilter> filter_of(const Request& request) {
  EventFilter filter;
  filter.source = request.query_param("source").value_or("");
  TOCSIN_TRY(from, time_parameter(request, "from"));
  TOCSIN_TRY(until, time_parameter(request, "until"));
  filter.from = from;
  filter.until = until;
  auto rest = request.query_param("q").value_or("");
  while (!rest.empty() && filter.words.size() < 16) {
    const auto word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    if (!word.empty()) filter.words.emplace_back(word);
  }
  return filter;
}

void write_members(JsonWriter& json, const model::Event& event) {
  json.member("seq", event.seq);
  json.member("source", event.source);
  json.member("event_type", event.event_type);
  json.member("user", event.user);
  json.member("ip", event.ip);
  json.member("resource", event.resource);
  json.member("message", event.message);
  json.member("occurred_at", event.occurred_at);
  json.member("received_at", event.received_at);
  json.key("raw");
  json.raw(event.raw);
}

// Rules that ask of an event what they remember of those before it.
std::set<std::string> rules_with_a_past(const detect::RuleCatalog& catalog) {
  std::set<std::string> rules;
  for (const auto& correlation : catalog.correlations())
    rules.insert(detect::RuleCatalog::key_of(correlation));
  for (const auto& watch : catalog.baselines().watches()) {
    for (const auto place : watch.readers) rules.insert(detect::RuleCatalog::key_of(catalog.rules()[place]));
  }
  return rules;
}

// Ids of the alerts that rules made of the event: what they are called follows from the event and the rule.
// The event is judged again, but for rules with a past: of those each could have made one.
Result<std::vector<std::string>> alerts_of(Context& context, const model::Event& event) {
  const auto catalog = context.services.settings.rules->current();
  std::set<std::string> names;
  for (const auto& rule : rules_with_a_past(*catalog)) names.insert(detect::source_id_of(event.seq, rule));
  TOCSIN_TRY(detector, detect::Detector::create(catalog, nullptr, {}));
  for (const auto& finding : detector.judge(std::span(&event, 1), context.services.clock.now()))
    names.insert(detect::source_id_of(event.seq, finding.rule));
  std::vector<std::string> ids;
  for (const auto& name : names) {
    TOCSIN_TRY(alert, context.store().alerts().find(name));
    if (alert && std::find(ids.begin(), ids.end(), alert->id.str()) == ids.end())
      ids.push_back(alert->id.str());
  }
  return ids;
}

// Newest first. A page ends after so many events were looked at, with a cursor that goes on.
Result<Response> list_events(Context& context, const Request& request) {
  TOCSIN_CHECK(context.events());
  TOCSIN_TRY(filter, filter_of(request));
  TOCSIN_TRY(limit, number_parameter(request, "limit", 1, kPage, 50));
  constexpr auto kNewest = static_cast<std::size_t>(std::numeric_limits<model::Seq>::max());
  TOCSIN_TRY(cursor, number_parameter(request, "cursor", 1, kNewest, kNewest));
  auto below = static_cast<model::Seq>(cursor);
  std::vector<model::Event> page;
  bool more = true;
  std::size_t bytes = 0;
  for (std::size_t seen = 0; more && page.size() < limit && bytes < kPageBytes && seen < kLookedAt;) {
    TOCSIN_TRY(chunk, context.store().events().before(below, std::min(kChunk, kLookedAt - seen)));
    more = !chunk.empty();
    seen += chunk.size();
    for (auto& event : chunk) {
      if (page.size() == limit || bytes >= kPageBytes) break;
      below = event.seq;
      if (!filter.passes(event)) continue;
      bytes += event.raw.size();
      page.push_back(std::move(event));
    }
  }
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("items", [&] {
      json.array([&] {
        for (const auto& event : page) json.object([&] { write_members(json, event); });
      });
    });
    more ? json.member("next_cursor", std::to_string(below)) : json.member("next_cursor", nullptr);
  });
  return http::json_response(200, std::move(out));
}

Result<Response> get_event(Context& context, const Request& request) {
  TOCSIN_CHECK(context.events());
  const auto text = request.path_param("seq");
  model::Seq seq = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seq);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || seq < 1)
    return not_found("event", text);
  TOCSIN_TRY(found, context.store().events().after(seq - 1, 1));
  if (found.empty() || found.front().seq != seq) return not_found("event", text);
  TOCSIN_TRY(alerts, alerts_of(context, found.front()));
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    write_members(json, found.front());
    json.member("alerts", alerts);
  });
  return http::json_response(200, std::move(out));
}

constexpr RouteRow kRoutes[] = {
    {Method::kPost, "/api/v1/events", take_events},
    {Method::kGet, "/api/v1/events", list_events},
    {Method::kGet, "/api/v1/events/{seq}", get_event},
};

}  // namespace

void add_event_routes(http::Router& router, const ContextsPtr& contexts) {
  add_routes(router, contexts, kRoutes);
}

}  // namespace tocsin::api
