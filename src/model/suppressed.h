#pragma once
// The marks of a suppression (docs/suppressions.md) on alerts, and what follows from them without knowing it.
//
// Only the server sets these tags when an alert comes (app/suppressor.h); what senders call so is dropped. A
// hidden alert comes closed and takes no part in correlation. Its link record says so in the highest bit of
// the tactics, which no place of the kill chain has (suppressed.cpp holds that): the record is written once,
// so a rebuild sees what the live part saw, whatever became of the alert.

#include <cstdint>
#include <string_view>

#include "model/alert.h"
#include "model/link.h"

namespace tocsin::model {

inline constexpr std::string_view kSuppressedTag = "suppressed:";                 // hidden by; the id follows
inline constexpr std::string_view kSuppressionReviewTag = "suppression-review:";  // why it is to be reviewed

// The suppression whose id follows `mark` in a tag of the alert; empty when there is none.
std::string_view marked_by(const Alert& alert, std::string_view mark);
bool is_suppressed(const Alert& alert);  // as it came, or as it stands while nobody opened it

void keep_apart(LinkRecord& record);
bool is_kept_apart(const LinkRecord& record);
std::uint16_t tactics_of(const LinkRecord& record);

}  // namespace tocsin::model
