#pragma once
// Alerts as rows for spreadsheets, and the parts for answering them in pieces.

#include <span>
#include <string>

#include "model/alert.h"

namespace tocsin::exports {

// UTF-8 with a byte-order mark, without which Excel reads another encoding; CRLF after each row.
void append_csv_header(std::string& out);
void append_csv_row(std::string& out, const model::Alert& alert);

std::string alerts_csv(std::span<const model::Alert> alerts);

}  // namespace tocsin::exports
