#pragma once
// The writers behind export.h, one file each.

#include "export/export.h"

namespace tocsin::exports {

// The fields of an Investigator Pack as the first tool had them (generated_at, incident, mitre, iocs,
// queries, timeline, checklist{auto, manual}, action_log), and more: alerts with raw records and their
// SHA-256, notes.
std::string pack_json(const Case& incident);
// CommonMark with the tables of GitHub's dialect.
std::string markdown_report(const Case& incident);
// One self-contained page without scripts, made to be printed.
std::string html_report(const Case& incident);
// A bundle of STIX 2.1 (OASIS, 10 June 2021). The same case gives the same ids: UUIDs of version 5.
std::string stix_bundle(const Case& incident);
// Layer format 4.5 of the ATT&CK Navigator.
std::string navigator_layer(const Case& incident);
// An event in MISP's core format.
std::string misp_event(const Case& incident);

}  // namespace tocsin::exports
