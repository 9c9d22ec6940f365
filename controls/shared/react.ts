// The platform's React under short names of our own: a bundle names them hundreds of times, and through the platform's global each costs ten letters.
import * as React from 'react';

export const { createElement: h, useEffect, useRef, useState } = React;
