#pragma once
// What AWS services wrap their records in: SNS notifications, SQS messages, EventBridge events, CloudWatch
// Logs subscriptions, S3 deliveries and answers of list calls, in any nesting.

#include <functional>
#include <string_view>

#include "ingest/ingest.h"
#include "ingest/json.h"

namespace tocsin::ingest {

// Gets each record inside with its own bytes; both live as long as the call.
using AwsRecordReader = std::function<void(const Node& record, std::string_view bytes)>;

// Calls `read` for each record that `object` carries, or once with the object itself when it is no envelope;
// also with an envelope whose text is no JSON, or that is nested too deep to be one.
void open_aws_envelope(const Node& object, std::string_view bytes, const Options& options,
                       const AwsRecordReader& read);

// The first record inside, without opening texts: enough to tell whose it is.
Node first_aws_record(const Node& object);
// The JSON text that it carries, unopened; empty when there is none.
std::string_view first_aws_text(const Node& object);

}  // namespace tocsin::ingest
