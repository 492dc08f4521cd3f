#pragma once
// Values out of STIX 2 patterns: the comparisons that name an observable, whatever joins them.

#include "ingest/draft.h"

namespace tocsin::ingest {

// "[url:value = 'http://…' OR file:hashes.'SHA-256' = '…']" adds each as an indicator. Linear; comparisons
// other than
// '=' and 'IN', and object paths that name no indicator, are passed over.
void read_stix_pattern(std::string_view pattern, AlertDraft& draft);

// What an object path or a cyber-observable's type and property mean; kCve stands for "none of ours".
model::EntityKind stix_kind(std::string_view type, std::string_view property);

}  // namespace tocsin::ingest
