#pragma once
// An event's elements as the JSON that log sources know as evtx-dump:
// {"Event":{"System":{…},"EventData":{…}}}.
//
//   <A b="1">x</A>               "A": {"#attributes": {"b": 1}, "#text": "x"}
//   <A>x</A>                     "A": "x"
//   <A/>                         "A": null
//   <Data Name="B">x</Data>      "B": "x"
//   <Data>x</Data><Data>y</Data> "Data": {"#text": ["x", "y"]}
//   <A>x</A><A>y</A>             "A": ["x", "y"]

#include <string>

#include "detect/evtx/binary_xml.h"

namespace tocsin::detect {

void append_event_json(std::string& out, const XmlElement& event);

}  // namespace tocsin::detect
