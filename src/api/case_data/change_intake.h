#pragma once
// Changes that deployment tools post to their webhook: read, kept, and where they cannot be read kept as dead
// letters that go the same way again.

#include "api/context.h"

namespace tocsin::api {

// The source of the webhook (/api/v1/webhooks/changes) and of its dead letters.
inline constexpr std::string_view kChangesSource = "changes";

// `events` of the reply says whether it was a change: 1, or 0 of a step that changes nothing yet.
Result<Pipeline::Reply> take_change(Context& context, std::string_view body, std::string_view content_type,
                                    std::string told_by);
// Marks the letter.
Result<Pipeline::Reply> replay_change(Context& context, const store::DeadLetter& letter);

// Ids and who told them.
void sign_changes(std::vector<model::Change>& changes, const std::string& told_by, Timestamp now);

}  // namespace tocsin::api
