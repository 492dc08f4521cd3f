#pragma once
// Raw events on their way in: the items of a body, and what cannot be read kept as dead letters that can be
// replayed through the same code.

#include "api/context.h"
#include "api/dto/event_dto.h"

namespace tocsin::api {

// The source that dead letters of events carry.
inline constexpr std::string_view kEventsSource = "events";

// An object, an array, {"events":[…]} or lines. kInvalidSyntax with "byte N"; kInvalidInput for anything else
// and for more than kMaxEvents. The items are parts of the body.
Result<std::vector<EventItem>> event_items(std::string_view body, std::string_view content_type);

// Whether the JSON body is an object with a list of events.
bool has_event_list(std::string_view body);

// Keeps a body that could not be read at all, and answers why.
Error keep_unreadable(Context& context, const http::Request& request, Error why);
// Keeps each rejected item and notes its dead letter beside it.
Result<void> keep_rejected(Context& context, const std::vector<EventItem>& items, EventBatch& batch);

// All of the letter or nothing; marks it. Answers how many events were stored.
Result<std::size_t> replay_events(Context& context, const store::DeadLetter& letter);

}  // namespace tocsin::api
