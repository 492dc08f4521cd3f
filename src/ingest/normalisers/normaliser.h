#pragma once
// One source = one file here and one line in table.cpp. A normaliser turns one item (a JSON object, or a line
// of text) into records; the frame has already split the body, parsed the item and bounded it.

#include <span>
#include <string>
#include <string_view>

#include "ingest/draft.h"
#include "ingest/fields.h"
#include "ingest/ingest.h"
#include "ingest/json.h"
#include "ingest/json_scan.h"

namespace tocsin::ingest {

// Where the records of one item go.
class Output {
 public:
  Output(std::string_view source, std::string_view item, std::size_t index, const Options& options,
         Normalised& to)
      : source_(source), item_(item), index_(index), options_(options), to_(to) {}

  // One more record; `fill` is called with its draft. `raw` is the JSON text that belongs to it. Nothing
  // happens beyond Options::max_records; the frame then refuses the body.
  template <class Fill>
  void add(model::RecordKind kind, std::string_view raw, Fill fill) {
    if (is_full()) return;
    Record& record = open(kind, raw);
    AlertDraft draft(record.alert, options_);
    fill(draft);
    draft.finish();
  }
  // The whole item belongs to the record.
  template <class Fill>
  void add(model::RecordKind kind, Fill fill) {
    add(kind, item_, fill);
  }
  // A line of text: raw is a JSON string.
  template <class Fill>
  void add_text(model::RecordKind kind, Fill fill) {
    add(kind, quoted(item_), fill);
  }
  // A line of text that was taken apart. Of an event, raw is an object of these values (of a name that comes
  // twice the first), with the line itself as "event.original" unless it is the message: that is what rules
  // read.
  template <class Fill>
  void add_line(model::RecordKind kind, const Fields& fields, Fill fill) {
    add(kind, kind == model::RecordKind::kEvent ? object_of(fields) : quoted(item_), fill);
  }
  std::size_t count() const noexcept { return to_.records.size(); }
  // There is one.
  const model::Alert& newest() const { return to_.records.back().alert; }
  // Adds to the records from place `first` on, which another normaliser made of what this item carries.
  template <class Fill>
  void amend(std::size_t first, Fill fill) {
    for (std::size_t i = first; i < to_.records.size(); ++i) {
      AlertDraft draft(to_.records[i].alert, options_);
      fill(draft);
    }
  }
  // Removes the newest record again.
  void take_back() { to_.records.pop_back(); }
  void reject(std::string message, std::string hint, std::string where = {});
  // Refuses one part of an item that is an envelope: `bytes` are kept, not the item.
  void reject_part(std::string_view bytes, std::string message, std::string hint, std::string where = {});
  // `faults` is not empty; `base` bytes of their pointers lead to the item.
  void reject_members(std::vector<Fault> faults, std::size_t base);
  // One item of a document that holds several: calls read(Output&) with an output of its own, or refuses the
  // item when it is no UTF-8. False beyond Options::max_items.
  template <class Read>
  bool part(std::string_view bytes, std::size_t index, Read read) {
    too_many_ = index >= options_.max_items;
    if (too_many_) return false;
    Output one(source_, bytes, index, options_, to_);
    if (one.is_utf8()) read(one);
    return true;
  }
  bool had_too_many() const noexcept { return too_many_; }
  // The same for a part of the item that another normaliser reads as its item.
  Output within(std::string_view bytes) const { return {source_, bytes, index_, options_, to_}; }

  std::string_view item() const noexcept { return item_; }
  const Options& options() const noexcept { return options_; }

 private:
  Record& open(model::RecordKind kind, std::string_view raw);
  bool is_full();
  bool is_utf8();
  static std::string quoted(std::string_view text);
  std::string object_of(const Fields& fields) const;

  std::string_view source_;
  std::string_view item_;
  std::size_t index_;
  const Options& options_;
  Normalised& to_;
  bool too_many_ = false;
};

// Why a body or message is refused whose records were too many.
Error too_many_records(const Options& options);

struct Normaliser {
  std::string_view name;
  std::span<const std::string_view> aliases;
  // True when the object has this vendor's shape; asked in the order of the table, so it must not be greedy.
  bool (*recognises)(const Node& object);
  void (*read_object)(const Node& object, Output& out);
  // Null when the source never sends text.
  bool (*recognises_text)(std::string_view line);
  void (*read_text)(std::string_view line, Output& out);
  // For sources whose items span lines (a mail, an XML text): asked of the whole body when that is not JSON,
  // before lines are. The text may hold any bytes; `out.add_text` makes valid JSON of them.
  bool (*recognises_document)(std::string_view body) = nullptr;
  void (*read_document)(std::string_view body, Output& out) = nullptr;
};

std::span<const Normaliser> normalisers();
const Normaliser* find_normaliser(std::string_view name_or_alias);
// The vendor whose shape this is, `generic` when none; never null.
const Normaliser& recognise(const Node& object);

// Steps through an array of the item in step with its parsed elements, so that each part keeps its own bytes:
// f(Node element, std::string_view bytes, std::size_t place). `bytes` is the whole item when they cannot be
// told apart.
template <class F>
void for_each_part(std::string_view item, std::string_view member, const Node& array, F f) {
  const auto bytes = find_member(item, member);
  ArrayCursor cursor(bytes, 0);
  std::string_view part;
  std::size_t place = 0;
  array.each([&](const Node& element) {
    const bool apart = bytes.starts_with('[') && cursor.next(part);
    f(element, apart ? part : item, place++);
  });
}

// ---- the sources, in alphabetical order ----
bool is_guardduty(const Node&);
void read_guardduty(const Node&, Output&);
bool is_abuseipdb(const Node&);
void read_abuseipdb(const Node&, Output&);
bool is_carbonblack(const Node&);
void read_carbonblack(const Node&, Output&);
bool is_misp(const Node&);
void read_misp(const Node&, Output&);
bool is_proofpoint(const Node&);
void read_proofpoint(const Node&, Output&);
bool is_stix(const Node&);
void read_stix(const Node&, Output&);
bool is_sublime(const Node&);
void read_sublime(const Node&, Output&);
bool is_virustotal(const Node&);
void read_virustotal(const Node&, Output&);
bool is_wiz(const Node&);
void read_wiz(const Node&, Output&);
bool is_azure_activity(const Node&);
void read_azure_activity(const Node&, Output&);
bool is_azure_monitor(const Node&);
void read_azure_monitor(const Node&, Output&);
bool is_crowdstrike(const Node&);
void read_crowdstrike(const Node&, Output&);
bool is_email(const Node&);
void read_email(const Node&, Output&);
bool is_email_document(std::string_view);
void read_email_document(std::string_view, Output&);
bool is_entra(const Node&);
void read_entra(const Node&, Output&);
bool is_okta(const Node&);
void read_okta(const Node&, Output&);
bool is_cortex_xdr(const Node&);
void read_cortex_xdr(const Node&, Output&);
bool is_sentinelone(const Node&);
void read_sentinelone(const Node&, Output&);
bool is_visionone(const Node&);
void read_visionone(const Node&, Output&);
bool is_cef_object(const Node&);
void read_cef_object(const Node&, Output&);
bool is_cef_line(std::string_view);
void read_cef_line(std::string_view, Output&);
bool is_generic(const Node&);
void read_generic(const Node&, Output&);
bool is_defender(const Node&);
void read_defender(const Node&, Output&);
bool is_sentinel(const Node&);
void read_sentinel(const Node&, Output&);
bool is_splunk(const Node&);
void read_splunk(const Node&, Output&);
bool is_suricata(const Node&);
void read_suricata(const Node&, Output&);
bool is_syslog_object(const Node&);
void read_syslog_object(const Node&, Output&);
bool is_syslog_line(std::string_view);
void read_syslog_line(std::string_view, Output&);
bool is_wazuh(const Node&);
void read_wazuh(const Node&, Output&);

// Network devices and logs of hosts.
bool is_falco(const Node&);
void read_falco(const Node&, Output&);
bool is_fortigate_object(const Node&);
void read_fortigate_object(const Node&, Output&);
bool is_fortigate_line(std::string_view);
void read_fortigate_line(std::string_view, Output&);
bool is_leef_object(const Node&);
void read_leef_object(const Node&, Output&);
bool is_leef_line(std::string_view);
void read_leef_line(std::string_view, Output&);
bool is_panos_object(const Node&);
void read_panos_object(const Node&, Output&);
bool is_panos_line(std::string_view);
void read_panos_line(std::string_view, Output&);
bool is_vpcflow_object(const Node&);
void read_vpcflow_object(const Node&, Output&);
bool is_vpcflow_line(std::string_view);
void read_vpcflow_line(std::string_view, Output&);
bool is_vpcflow_document(std::string_view);
void read_vpcflow_document(std::string_view, Output&);
bool is_zeek(const Node&);
void read_zeek(const Node&, Output&);
void read_zeek_line(std::string_view, Output&);
bool is_zeek_document(std::string_view);
void read_zeek_document(std::string_view, Output&);
bool is_w3c(const Node&);
void read_w3c(const Node&, Output&);
void read_w3c_line(std::string_view, Output&);
bool is_w3c_document(std::string_view);
void read_w3c_document(std::string_view, Output&);

// Clouds, SIEMs and schemas.
bool is_cloudtrail(const Node&);
void read_cloudtrail(const Node&, Output&);
bool is_elastic(const Node&);
void read_elastic(const Node&, Output&);
bool is_gcp(const Node&);
void read_gcp(const Node&, Output&);
bool is_google_secops(const Node&);
void read_google_secops(const Node&, Output&);
bool is_ocsf(const Node&);
void read_ocsf(const Node&, Output&);
void read_ocsf_record(const Node&, std::string_view bytes, Output&);  // Security Hub sends them as well
bool is_qradar(const Node&);
void read_qradar(const Node&, Output&);
bool is_securityhub(const Node&);
void read_securityhub(const Node&, Output&);
bool is_windows_event(const Node&);
void read_windows_event(const Node&, Output&);
bool is_windows_line(std::string_view);
void read_windows_line(std::string_view, Output&);
bool is_windows_document(std::string_view);
void read_windows_document(std::string_view, Output&);

}  // namespace tocsin::ingest
