// One finding each: a forbidden room, Qt, no guard, a namespace for all who include this.
#include "monitor/pool/lease.h"

#include <QString>
using namespace std;
