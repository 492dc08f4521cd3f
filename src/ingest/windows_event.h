#pragma once
// A Windows event as named texts, from whatever form it travelled in: the event log's XML, Winlogbeat, NXLog,
// fluentd, evtx_dump, Get-WinEvent or a SecurityEvent row. The system part has the names of the XML schema
// (Provider, EventID, Level, TimeCreated, EventRecordID, Channel, Computer, Message); the event's own data
// has the names its provider gave it.

#include <optional>
#include <string_view>

#include "ingest/fields.h"
#include "ingest/json.h"

namespace tocsin::ingest {

std::optional<Fields> read_windows_xml(std::string_view xml);
std::optional<Fields> read_windows_json(const Node& object);

}  // namespace tocsin::ingest
