#pragma once
// Lists of indicators out of STIX and MISP files.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/intel.h"

namespace tocsin::ingest {

struct IntelFile {
  std::vector<store::IntelEntry> entries;
  Timestamp produced_at{};     // of its newest indicator
  std::size_t left_out = 0;    // revoked, called benign, or without an indicator that we keep
  std::size_t unreadable = 0;  // parts that are not what they claim to be
};

// `format` is "stix" (bundles, TAXII envelopes, single objects of 2.0 and 2.1) or "misp" (events as
// exported). Values are normalised as those of alerts are, so that they compare equal. An entry without a
// mark of its own gets `tlp`; one with a stricter mark keeps that. kInvalidInput for another format,
// kInvalidSyntax for a body that cannot be read. Pure.
Result<IntelFile> read_intel(std::string_view format, std::string_view body, model::Tlp tlp, Timestamp now);

}  // namespace tocsin::ingest
