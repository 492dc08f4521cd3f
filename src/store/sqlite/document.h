#pragma once
// The part of an alert that lists do not need, as bytes; many documents of one batch share a compressed
// block.

#include <string>
#include <string_view>

#include "model/alert.h"
#include "model/event.h"
#include "store/store.h"

namespace tocsin::store {

// Message, entities, iocs, reasons, process, facts, vendor's words and raw. Versioned.
void encode_document(const model::Alert& alert, std::string& out);
// Fills those fields of `alert`; false for bytes that encode_document did not write.
bool decode_document(std::string_view bytes, model::Alert& alert);

void encode_attack(const model::Attack& attack, std::string& out);  // nothing for an empty one
bool decode_attack(std::string_view bytes, model::Attack& attack);

void encode_event(const model::Event& event, std::string& out);
bool decode_event(std::string_view bytes, model::Event& event);

}  // namespace tocsin::store
