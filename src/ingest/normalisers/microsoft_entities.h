#pragma once
// Entities as Microsoft's security products describe them: the "Microsoft Sentinel entity types reference",
// which Sentinel's alerts, incidents and Defender's AlertEvidence.AdditionalFields share. Field names come in
// PascalCase
// ("HostName"), camelCase ("hostName") and nested under "properties".

#include "ingest/draft.h"

namespace tocsin::ingest {

// Adds what one such object names. `role` is what the alert says the entity played, kRelated when it does
// not.
void read_microsoft_entity(const Node& entity, model::EntityRole role, AlertDraft& draft);

// A JSON array or object inside a string, or the same unquoted: calls f(Node) for each element.
template <class F>
void each_in_text(const Node& value, const Options& options, F f) {
  if (!value.is_string()) return value.each(f);
  const auto text = value.text();
  if (text.empty() || (text.front() != '[' && text.front() != '{')) return;
  auto parsed = ParsedJson::parse(text, options.max_depth);
  if (parsed) parsed->root().each(f);
}

// What an alert is for, as Defender for Cloud names it: ATT&CK's tactics, and those of the kill chain that it
// used before ("PreAttack", "Probing", "Exploitation").
void read_intent(std::string_view name, AlertDraft& draft);

// "Alice" and "contoso.com" give "Alice@contoso.com"; either may be missing.
std::string user_principal(std::string_view name, std::string_view suffix);

}  // namespace tocsin::ingest
