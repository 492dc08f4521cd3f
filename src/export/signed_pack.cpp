#include <array>

#include "base/sha256.h"
#include "base/signing_key.h"
#include "export/documents.h"
#include "export/zip.h"
#include "model/alert_json.h"

namespace tocsin::exports {
namespace {

// Where a query of that language is kept, so that an editor knows it.
struct Suffix {
  std::string_view language;
  std::string_view suffix;
};
constexpr std::array<Suffix, 5> kSuffixes{
    {{"kql", ".kql"}, {"spl", ".spl"}, {"esql", ".esql"}, {"sql", ".sql"}, {"sigma", ".yml"}}};

std::string_view suffix_of(std::string_view language) {
  for (const auto& row : kSuffixes) {
    if (row.language == language) return row.suffix;
  }
  return ".txt";
}

std::string two_digits(std::size_t n) {
  return (n < 10 ? "0" : "") + std::to_string(n);
}

void add_queries(const std::vector<Query>& queries, std::vector<ZipEntry>& files) {
  for (std::size_t i = 0; i < queries.size(); ++i) {
    files.push_back({"queries/" + two_digits(i + 1) + std::string(suffix_of(queries[i].language)),
                     queries[i].text + "\n"});
  }
}

// One raw record a line, exactly as stored, in the order of alerts.ndjson.
std::string alerts_with_raw(const std::vector<model::Alert>& alerts) {
  std::string out;
  for (const auto& alert : alerts) {
    append_alert_json(out, alert, true);
    out += '\n';
  }
  return out;
}

std::string raw_hashes(const std::vector<model::Alert>& alerts) {
  std::string out = "alert_id,raw_sha256\r\n";
  for (const auto& alert : alerts) out += alert.id.str() + "," + sha256_hex(alert.raw) + "\r\n";
  return out;
}

std::string readme(const Case& incident, const SigningKey& key) {
  const std::string mark(to_text(marking(incident)));
  return "INVESTIGATOR PACK of incident " + incident.incident.id.str() + "\nTLP:" + mark + "\nMade " +
         to_rfc3339(incident.exported_at) + " by Tocsin " + incident.product_version +
         R"(

  report.html              the report, for reading and printing
  report.md                the same in Markdown
  investigator_pack.json   everything: summary, timeline, ATT&CK, IoCs, queries, checklist, action log, alerts
  alerts.ndjson            the alerts with the raw records that they came from, one a line
  raw_sha256.csv           SHA-256 of each raw record
  alerts.csv               the alerts for a spreadsheet
  queries/                 ready-to-run searches
  stix.json navigator.json misp.json    for other tools
  MANIFEST.sha256          SHA-256 of every file above
  MANIFEST.sha256.sig      its signature, Ed25519
  public_key.pem           the key to check it with

Check that nothing was changed, in the folder where you unpacked this:

  sha256sum --check MANIFEST.sha256
  openssl pkeyutl -verify -pubin -inkey public_key.pem -rawin -in MANIFEST.sha256 -sigfile MANIFEST.sha256.sig

A pack that was forged whole would bring its own key. Ask the sender for the fingerprint of the key, by another
way, and compare (GET /api/v1/signing-key of the sender's server shows it):

  openssl pkey -pubin -in public_key.pem -outform DER | sha256sum
  )" + key.fingerprint() +
         "\n\nThe texts in here were written by whoever caused the alerts, attackers included. "
         "Do not open links or run commands\nthat they hold.\n";
}

std::vector<ZipEntry> files_of(const Case& incident, const SigningKey& key) {
  std::vector<ZipEntry> files{{"README.txt", readme(incident, key)},
                              {"report.html", html_report(incident)},
                              {"report.md", markdown_report(incident)},
                              {"investigator_pack.json", pack_json(incident)},
                              {"alerts.ndjson", alerts_with_raw(incident.alerts)},
                              {"raw_sha256.csv", raw_hashes(incident.alerts)},
                              {"alerts.csv", write(incident, Format::kCsv).bytes},
                              {"stix.json", stix_bundle(incident)},
                              {"navigator.json", navigator_layer(incident)},
                              {"misp.json", misp_event(incident)}};
  add_queries(incident.queries, files);
  files.push_back({"public_key.pem", key.public_pem()});
  return files;
}

// As `sha256sum` prints and checks it.
std::string manifest_of(const std::vector<ZipEntry>& files) {
  std::string manifest;
  for (const auto& file : files) manifest += sha256_hex(file.bytes) + "  " + file.name + "\n";
  return manifest;
}

}  // namespace

Result<File> write_signed_pack(const Case& incident, const SigningKey& key) {
  auto files = files_of(incident, key);
  auto manifest = manifest_of(files);
  TOCSIN_TRY(signature, key.sign(manifest));
  files.push_back({"MANIFEST.sha256", std::move(manifest)});
  files.push_back({"MANIFEST.sha256.sig", std::move(signature)});
  TOCSIN_TRY(archive, make_zip(files, incident.exported_at));
  return File{"investigator_pack_incident_" + incident.incident.id.str() + ".zip", "application/zip",
              std::move(archive)};
}

}  // namespace tocsin::exports
