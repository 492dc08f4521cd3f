#include "ingest/normalisers/wazuh_windows.h"

#include <array>

#include "ingest/text.h"

namespace tocsin::ingest::wazuh {
namespace {

using model::EntityKind;
using model::EntityRole;

// "SHA1=…,MD5=…,SHA256=…,IMPHASH=…" of Sysmon. The import hash names no file.
void read_sysmon_hashes(std::string_view hashes, AlertDraft& draft) {
  while (!hashes.empty()) {
    auto value = take_until(hashes, ',');
    const auto name = trim(take_until(value, '='));
    if (equal_ignoring_case(name, "imphash")) continue;
    draft.observed(EntityKind::kHash, value, EntityRole::kRelated);
    if (equal_ignoring_case(name, "sha256")) draft.process_hash(value);
  }
}

// win.eventdata of Sysmon and of the Security log.
constexpr auto kWindowsFields = std::to_array<Field>({
    {"targetUserName", EntityKind::kUser, EntityRole::kTarget, false},
    {"ipAddress", EntityKind::kIp, EntityRole::kSource, true},
    {"sourceIp", EntityKind::kIp, EntityRole::kSource, true},
    {"destinationIp", EntityKind::kIp, EntityRole::kDestination, true},
    {"sourceHostname", EntityKind::kHost, EntityRole::kSource, false},
    {"destinationHostname", EntityKind::kHost, EntityRole::kDestination, false},
    {"workstationName", EntityKind::kHost, EntityRole::kSource, false},
    {"image", EntityKind::kProcess, EntityRole::kRelated, false},
    {"newProcessName", EntityKind::kProcess, EntityRole::kRelated, false},
    {"sourceImage", EntityKind::kProcess, EntityRole::kSource, false},
    {"targetImage", EntityKind::kProcess, EntityRole::kTarget, false},
    {"targetFilename", EntityKind::kFile, EntityRole::kTarget, false},
    {"imageLoaded", EntityKind::kFile, EntityRole::kRelated, false},
    {"imagePath", EntityKind::kFile, EntityRole::kRelated, false},
    {"queryName", EntityKind::kDomain, EntityRole::kRelated, true},
    {"serviceName", EntityKind::kProcess, EntityRole::kRelated, false},
    {"process Name", EntityKind::kProcess, EntityRole::kRelated, false},  // Defender's, as are the next two
    {"detection User", EntityKind::kUser, EntityRole::kTarget, false},
});

void read_windows_users(const Node& data, AlertDraft& draft) {
  const auto subject = plain(data["subjectUserName"].text());
  const auto user = plain(data["user"].text());
  const bool has_target = !is_blank_value(data["targetUserName"].text());
  const bool machine = subject.ends_with('$') || equal_ignoring_case(subject, "SYSTEM");
  if (!machine || !has_target) {
    draft.entity(EntityKind::kUser, subject, has_target ? EntityRole::kActor : EntityRole::kTarget);
  }
  draft.entity(EntityKind::kUser, user, has_target ? EntityRole::kActor : EntityRole::kTarget);
}

// Defender names what it found and where: "file:_C:\\Users\\ann\\x.exe".
void read_defender(const Node& data, AlertDraft& draft) {
  constexpr std::string_view kFile = "file:_";
  const auto path = plain(data["path"].text());
  if (path.starts_with(kFile)) {
    draft.entity(EntityKind::kFile, path.substr(kFile.size(), path.find(';') - kFile.size()),
                 EntityRole::kTarget);
  }
  draft.tag(data["threat Name"].text());
}

}  // namespace

std::string plain(std::string_view text) {
  constexpr auto kEscapes = std::to_array<std::pair<std::string_view, char>>({{"\\\\", '\\'},
                                                                              {"\\\"", '"'},
                                                                              {"&amp;", '&'},
                                                                              {"&lt;", '<'},
                                                                              {"&gt;", '>'},
                                                                              {"&quot;", '"'},
                                                                              {"&apos;", '\''}});
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    std::size_t taken = 0;
    if (text[at] == '\\' || text[at] == '&') {
      for (const auto& [written, meant] : kEscapes) {
        if (!text.substr(at).starts_with(written)) continue;
        out += meant;
        taken = written.size();
        break;
      }
    }
    if (taken == 0) out += text[at++];
    at += taken;
  }
  return out;
}

void add_field(const Node& from, const Field& field, AlertDraft& draft) {
  const Node value = from[field.name];
  if (!value) return;
  const auto text = plain(value.scalar());
  if (field.observed) {
    draft.observed(field.kind, text, field.role);
  } else {
    draft.entity(field.kind, text, field.role);
  }
}

void read_windows(const Node& win, AlertDraft& draft) {
  const Node data = win["eventdata"];
  draft.entity(EntityKind::kHost, win["system"]["computer"].text(), EntityRole::kTarget);
  for (const auto& field : kWindowsFields) add_field(data, field, draft);
  read_windows_users(data, draft);
  draft.command_line(plain(data.any({"commandLine", "processCommandLine"}).text()));
  const auto parent = data.any({"parentCommandLine", "parentImage", "parentProcessName"});
  draft.parent_process(plain(data["parentImage"] ? data["parentImage"].text() : parent.text()));
  if (data["parentCommandLine"]) draft.mine(plain(data["parentCommandLine"].text()));
  read_sysmon_hashes(data["hashes"].text(), draft);
  read_defender(data, draft);
  draft.message(plain(win["system"]["message"].text()));
}

}  // namespace tocsin::ingest::wazuh
