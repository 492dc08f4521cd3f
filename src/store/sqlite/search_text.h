#pragma once
// The words of full-text search are the model's: the database only keeps and finds them.

#include "model/search_text.h"

namespace tocsin::store {

using model::exact_question;
using model::kQuestionWords;
using model::kSearchedBytes;
using model::kWordBytes;
using model::parse_question;
using model::search_words;
using model::SearchQuestion;

}  // namespace tocsin::store
