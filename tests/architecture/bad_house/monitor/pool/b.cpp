#include "local.h"

#include <libpq-fe.h>
// TODO finish this
