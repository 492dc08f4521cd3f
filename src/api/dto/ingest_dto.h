#pragma once
// Answers to deliveries (openapi.yaml: IngestReply).

#include <string>

#include "api/services.h"

namespace tocsin::api {

std::string ingest_reply_json(const Pipeline::Reply& reply);

}  // namespace tocsin::api
