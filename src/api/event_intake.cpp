#include "api/event_intake.h"

#include "api/body.h"
#include "ingest/json_scan.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kLines = "application/x-ndjson";
constexpr std::size_t kMaxDepth = 64;

// A line that is no JSON is rejected with its index when it is read.
std::vector<EventItem> lines_of(std::string_view body) {
  std::vector<EventItem> items;
  while (!body.empty() && items.size() <= kMaxEvents) {
    auto line = body.substr(0, body.find('\n'));
    body.remove_prefix(std::min(line.size() + 1, body.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    items.push_back({line});
  }
  return items;
}

// kInvalidSyntax with "byte N".
Result<void> check_json(std::string_view body) {
  const auto fault = ingest::find_json_fault(body, kMaxDepth);
  if (fault.message.empty()) return {};
  return error(ErrorKind::kInvalidSyntax, "read body", fault.message, "send valid JSON",
               "byte " + std::to_string(fault.offset));
}

// The body is one JSON value.
Result<std::vector<EventItem>> items_in(std::string_view body) {
  const auto start = ingest::skip_space(body, 0);
  auto list = body.substr(start);
  if (!list.starts_with('{') && !list.starts_with('[')) {
    return error(ErrorKind::kInvalidInput, "read events", "the body must be an event or an array of events");
  }
  if (list.starts_with('{')) {
    const auto events = ingest::find_member(list, "events");
    if (!events.starts_with('['))
      return std::vector<EventItem>{{list.substr(0, ingest::skip_value(list, 0))}};
    list = events;
  }
  std::vector<EventItem> items;
  ingest::ArrayCursor cursor(list, 0);
  for (std::string_view one; items.size() <= kMaxEvents && cursor.next(one);) items.push_back({one});
  return items;
}

store::DeadLetter letter_of(std::string_view body, std::string_view content_type, std::string reason,
                            Timestamp now) {
  store::DeadLetter letter;
  letter.id = DeadLetterId::make(now);
  letter.source = kEventsSource;
  letter.content_type = content_type;
  letter.reason = std::move(reason);
  letter.body = std::string(body.substr(0, store::kDeadLetterBytes));
  letter.truncated = body.size() > store::kDeadLetterBytes;
  letter.received_at = now;
  return letter;
}

Error rejection(const EventBatch::Rejected& rejected) {
  return error(ErrorKind::kInvalidInput, "read event", rejected.reason, {}, rejected.pointer);
}

}  // namespace

Result<std::vector<EventItem>> event_items(std::string_view body, std::string_view content_type) {
  std::vector<EventItem> items;
  if (content_type == kLines) {
    items = lines_of(body);
  } else {
    TOCSIN_CHECK(check_json(body));
    TOCSIN_TRY(found, items_in(body));
    items = std::move(found);
  }
  if (items.size() <= kMaxEvents) return items;
  return error(ErrorKind::kInvalidInput, "read events", "more than 10,000 events in one body",
               "send them in parts");
}

bool has_event_list(std::string_view body) {
  const auto object = body.substr(std::min(ingest::skip_space(body, 0), body.size()));
  return object.starts_with('{') && ingest::find_member(object, "events").starts_with('[');
}

Error keep_unreadable(Context& context, const http::Request& request, Error why) {
  // The sender hears why whether or not the letter could be kept; the store reports its own trouble.
  (void)context.store().dead_letters().put(
      {letter_of(request.body, request.content_type(), to_string(why), context.services.clock.now())});
  return why;
}

Result<void> keep_rejected(Context& context, const std::vector<EventItem>& items, EventBatch& batch) {
  if (batch.rejected.empty()) return {};
  std::vector<store::DeadLetter> letters;
  for (auto& rejected : batch.rejected) {
    const auto& item = items[rejected.index];
    letters.push_back(letter_of(item.text, "application/json", to_string(rejection(rejected)),
                                context.services.clock.now()));
    rejected.dead_letter = letters.back().id.str();
  }
  return context.store().dead_letters().put(std::move(letters));
}

Result<std::size_t> replay_events(Context& context, const store::DeadLetter& letter) {
  auto& letters = context.store().dead_letters();
  if (letter.truncated) {
    return error(ErrorKind::kConflict, "replay", "only the first MiB of this body was kept",
                 "send the original again from its tool");
  }
  if (letter.resolved) {
    return error(ErrorKind::kConflict, "replay", "this letter was replayed with success before",
                 "send the original again from its tool if it is wanted twice");
  }
  const auto refuse = [&](const Error& why) -> Result<std::size_t> {
    TOCSIN_CHECK(letters.mark(letter.id, false, to_string(why)));
    return why;
  };
  const auto items = event_items(letter.body, letter.content_type);
  if (!items) return refuse(items.error());
  auto batch = read_events(*items, "", EventForm::kAnyRecord, context.services.clock.now());
  if (!batch.rejected.empty()) return refuse(rejection(batch.rejected.front()));
  TOCSIN_TRY(desk, context.events());
  TOCSIN_CHECK(desk->admit(batch.events.size()));
  TOCSIN_TRY(stored, desk->store(std::move(batch.events)));
  TOCSIN_CHECK(letters.mark(letter.id, true, "replayed"));
  TOCSIN_TRY(alerts, desk->alerts_of(stored));
  (void)alerts;
  return stored.size();
}

}  // namespace tocsin::api
