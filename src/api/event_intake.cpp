#include "api/event_intake.h"

#include "api/body.h"

namespace tocsin::api {
namespace {

constexpr std::string_view kLines = "application/x-ndjson";

// A line that is no JSON becomes null, which read_events rejects with its index.
std::vector<EventItem> lines_of(std::string_view body) {
  std::vector<EventItem> items;
  while (!body.empty() && items.size() <= kMaxEvents) {
    const auto line = body.substr(0, body.find('\n'));
    body.remove_prefix(std::min(line.size() + 1, body.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto item = parse_json(line);
    items.push_back({item ? *std::move(item) : boost::json::value(nullptr), std::string(line)});
  }
  return items;
}

Result<std::vector<EventItem>> items_in(boost::json::value body) {
  if (!body.is_array() && !body.is_object()) {
    return error(ErrorKind::kInvalidInput, "read events", "the body must be an event or an array of events");
  }
  std::vector<EventItem> items;
  auto* list = body.if_array();
  if (list == nullptr) {
    auto* events = body.get_object().if_contains("events");
    list = events == nullptr ? nullptr : events->if_array();
  }
  if (list == nullptr) items.push_back({std::move(body), {}});
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i)
    items.push_back({std::move((*list)[i]), {}});
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
    TOCSIN_TRY(value, parse_json(body));
    TOCSIN_TRY(found, items_in(std::move(value)));
    items = std::move(found);
  }
  if (items.size() <= kMaxEvents) return items;
  return error(ErrorKind::kInvalidInput, "read events", "more than 10,000 events in one body",
               "send them in parts");
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
    const auto text = item.text.empty() ? boost::json::serialize(item.value) : item.text;
    letters.push_back(
        letter_of(text, "application/json", to_string(rejection(rejected)), context.services.clock.now()));
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
  auto batch = read_events(*items, "", context.services.clock.now());
  if (!batch.rejected.empty()) return refuse(rejection(batch.rejected.front()));
  TOCSIN_TRY(stored, context.events.store(std::move(batch.events)));
  TOCSIN_CHECK(letters.mark(letter.id, true, "replayed"));
  TOCSIN_TRY(alerts, context.events.alerts_of(stored));
  (void)alerts;
  return stored.size();
}

}  // namespace tocsin::api
