/** Shapes of our own, drawn by the library: for kinds that it has not, or not well enough. */
import { CustomChart } from 'echarts/charts';
import { use } from 'echarts/core';

use([CustomChart]);
