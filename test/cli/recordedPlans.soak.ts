/** `plan` through the built command line, over every recorded plan. */
import { checkPlans, recorded } from './recordedPlans.ts';

checkPlans(recorded);
